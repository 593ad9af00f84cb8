"""Writes visibility.csv: python3 make_visibility_vectors.py > visibility.csv (astropy, no network).

Columns: site lat, lon (deg), elevation (m), target ra, dec (deg, ICRS), MJD (UTC), altitude, azimuth (deg, no refraction),
Moon separation as the site sees it (deg), Moon altitude (deg).
"""
import warnings
import numpy as np
from astropy import units as u
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_body
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
warnings.simplefilter("ignore")

print("lat,lon,elevation,ra,dec,mjd,alt,az,moon_separation,moon_alt")
random = np.random.default_rng(11)
sites = [(33.358056, -116.861944, 1706), (19.8283, -155.478, 4160), (-30.1691, -70.8062, 2215), (28.7572, -17.8851, 2000), (-31.2733, 149.0617, 1165)]
for lat, lon, elevation in sites:
    place = EarthLocation(lat=lat * u.deg, lon=lon * u.deg, height=elevation * u.m)
    for _ in range(12):
        ra = random.uniform(0, 360)
        dec = np.degrees(np.arcsin(random.uniform(-1, 1)))
        mjd = random.uniform(57000, 60300)
        time = Time(mjd, format="mjd", scale="utc")
        time.delta_ut1_utc = 0
        frame = AltAz(obstime=time, location=place)
        target = SkyCoord(ra * u.deg, dec * u.deg).transform_to(frame)
        moon = get_body("moon", time, place).transform_to(frame)
        print(f"{lat},{lon},{elevation},{ra:.8f},{dec:.8f},{mjd:.8f},{target.alt.deg:.6f},{target.az.deg:.6f},{target.separation(moon).deg:.6f},{moon.alt.deg:.6f}")
