"""Writes stars.csv: python3 make_star_vectors.py > stars.csv (astropy, no network).

Columns: ra, dec (deg), epoch (Julian year), pm ra*cos(dec), pm dec (mas/yr), parallax (mas), MJD of observation, ra, dec then (deg);
target ra, dec, and from the star to the target: offsets east and north (arcsec, SkyCoord.spherical_offsets_to), position angle (deg).
"""
import warnings
import numpy as np
from astropy import units as u
from astropy.coordinates import Distance, SkyCoord
from astropy.time import Time

warnings.simplefilter("ignore")
print("ra,dec,epoch,pmra,pmdec,parallax,mjd,ra_then,dec_then,target_ra,target_dec,east,north,pa")
random = np.random.default_rng(5)
for _ in range(40):
    ra, dec = random.uniform(0, 360), np.degrees(np.arcsin(random.uniform(-0.999, 0.999)))
    pmra, pmdec, parallax = random.normal(0, 300), random.normal(0, 300), random.uniform(0.5, 40)
    mjd = random.uniform(58000, 62000)
    star = SkyCoord(ra * u.deg, dec * u.deg, pm_ra_cosdec=pmra * u.mas / u.yr, pm_dec=pmdec * u.mas / u.yr, distance=Distance(parallax=parallax * u.mas), obstime=Time(2016, format="jyear", scale="tdb"))
    then = star.apply_space_motion(new_obstime=Time(mjd, format="mjd", scale="tdb"))
    target = SkyCoord(then.ra, then.dec).directional_offset_by(random.uniform(0, 360) * u.deg, random.uniform(1, 180) * u.arcsec)
    flat = SkyCoord(then.ra, then.dec)
    east, north = flat.spherical_offsets_to(target)
    print(f"{ra:.10f},{dec:.10f},2016.0,{pmra:.6f},{pmdec:.6f},{parallax:.6f},{mjd:.5f},{then.ra.deg:.10f},{then.dec.deg:.10f},{target.ra.deg:.10f},{target.dec.deg:.10f},{east.arcsec:.6f},{north.arcsec:.6f},{flat.position_angle(target).deg:.6f}")
