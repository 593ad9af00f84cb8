#!/usr/bin/python3
"""Makes the stored vectors of the astronomy tests with healpy and astropy.

How to run (Debian: apt install python3-healpy python3-astropy), from any folder, half a minute:

    /usr/bin/python3 make_vectors.py

It writes, beside itself:
  healpix-hashes.bin.gz  for each order 0..29, over a million positions in chunks of 8000: one 64-bit hash per chunk of
                         the nested pixels and of their ring numbers; the same of the eight neighbours (healpy's order:
                         SW W NW N NE E SE S) for the first 200,000; then one hash of the neighbours of the 48 pixels
                         in the corners of the base faces.
  healpix-points.bin.gz  for each order 60 records: ra, dec, pixel, centre ra, centre dec, eight neighbours.
  sky.csv, cosmology.csv, time.csv, ephemeris.csv, sun-events.csv

The million positions come from integers only, so that the C# test makes the same bits: degrees are n / 2^40.
Last made with healpy 1.16.1, astropy 5.2.1, numpy 1.24.2.
"""
import gzip
import os
import struct

import healpy as hp
import numpy as np
import astropy.units as u
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_moon, get_sun
from astropy.cosmology import Planck18
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.iers_degraded_accuracy = "ignore"
np.seterr(over="ignore")

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT, NEIGHBOURED, CHUNK = 1_000_000, 200_000, 8000
DEGREE = 1 << 40
FULL = 360 * DEGREE
U = np.uint64


def mix(x):
    """The finalizer of splitmix64 over multiples of its gamma."""
    x = x * U(0x9E3779B97F4A7C15)
    x = (x ^ (x >> U(30))) * U(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> U(27))) * U(0x94D049BB133111EB)
    return x ^ (x >> U(31))


def positions(count):
    """Right ascension and declination as integers of 2^-40 degrees; see MillionPositions.cs for the kinds."""
    i = np.arange(count, dtype=np.uint64)
    a, b = mix(U(2) * i + U(1)), mix(U(2) * i + U(2))
    kind, turn = i % U(10), i // U(10)
    ra = (a % U(FULL)).astype(np.int64)
    dec = (b % U(180 * DEGREE + 1)).astype(np.int64) - 90 * DEGREE
    sign = np.where((a & U(1)) == U(1), -1, 1).astype(np.int64)
    # 5: around the poles, from a degree down to the pole itself
    near = (b >> (U(24) + turn % U(40))).astype(np.int64)
    dec = np.where(kind == 5, sign * (90 * DEGREE - near), dec)
    # 6: meridians through pixel corners, half of them on the equator
    k = turn % U(31)
    corner = (a % (U(8) << k)).astype(np.int64) * (np.int64(45 * DEGREE) >> k.astype(np.int64))
    ra = np.where(kind == 6, corner, ra)
    dec = np.where((kind == 6) & ((b & U(1)) == U(0)), 0, dec)
    # 7: around the edge of the polar caps; 8: where the formulas change (z = 0.99, colatitude 0.01)
    spread = (b % (U(2) << k)).astype(np.int64) - (np.int64(1) << k.astype(np.int64))
    dec = np.where(kind == 7, sign * (np.int64(45970927388884) + spread), dec)
    edge = np.where(turn % U(2) == U(0), 90039431108694, 98326072741868).astype(np.int64)
    dec = np.where(kind == 8, sign * (edge + spread), dec)
    # 9: around the meridians between base faces
    meridian = (a >> U(60)).astype(np.int64) * (45 * DEGREE) + (a % (U(2) << k)).astype(np.int64) - (np.int64(1) << k.astype(np.int64))
    ra = np.where(kind == 9, meridian % FULL, ra)
    return ra, dec


def hash_rows(rows):
    """One hash per row of a 2-d array of integers: h = (h xor value) * prime, in 64 bits."""
    rows = np.ascontiguousarray(rows.astype(np.int64)).view(np.uint64)
    h = np.full(rows.shape[0], 0xCBF29CE484222325, dtype=np.uint64)
    for column in range(rows.shape[1]):
        h = (h ^ rows[:, column]) * U(0x100000001B3)
    return h


def save(name, data):
    with open(os.path.join(HERE, name), "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as packed:
        packed.write(data)


def make_healpix():
    ra_int, dec_int = positions(COUNT)
    ra, dec = ra_int / DEGREE, dec_int / DEGREE
    hashes, points = [], []
    rng = np.random.default_rng(20240229)
    for order in range(30):
        nside = 1 << order
        pix = hp.ang2pix(nside, ra, dec, nest=True, lonlat=True)
        ring = hp.nest2ring(nside, pix)
        around = hp.get_all_neighbours(nside, pix[:NEIGHBOURED], nest=True).T
        n = COUNT // CHUNK
        hashes += [hash_rows(pix.reshape(n, CHUNK)), hash_rows(ring.reshape(n, CHUNK)), hash_rows(around.reshape(-1, CHUNK * 8))]
        size = nside * nside
        corners = np.array([face * size + c for face in range(12) for c in (0, (size - 1) // 3, 2 * (size - 1) // 3, size - 1)])
        hashes.append(hash_rows(hp.get_all_neighbours(nside, corners, nest=True).T.reshape(1, -1)))

        # Half of the points lie on corners of pixels, as near as 2^-40 degrees can say.
        chosen = rng.integers(0, 12 * size, 30)
        edges = hp.vec2ang(np.array([hp.boundaries(nside, int(p), 1, nest=True)[:, p % 4] for p in chosen]), lonlat=True)
        some = rng.integers(0, COUNT, 30)
        lon = np.round(np.concatenate([edges[0] % 360, ra[some]]) * DEGREE) / DEGREE % 360
        lat = np.round(np.concatenate([edges[1], dec[some]]) * DEGREE) / DEGREE
        pix = hp.ang2pix(nside, lon, lat, nest=True, lonlat=True)
        centre = hp.pix2ang(nside, pix, nest=True, lonlat=True)
        around = hp.get_all_neighbours(nside, pix, nest=True)
        for j in range(len(pix)):
            points.append(struct.pack("<ddqdd8q", lon[j], lat[j], pix[j], centre[0][j], centre[1][j], *around[:, j]))
    save("healpix-hashes.bin.gz", np.concatenate(hashes).astype("<u8").tobytes())
    save("healpix-points.bin.gz", b"".join(points))


def table(name, header, rows):
    with open(os.path.join(HERE, name), "w") as out:
        out.write(header + "\n")
        for row in rows:
            out.write(",".join(x if isinstance(x, str) else repr(float(x)) for x in row) + "\n")


def make_sky():
    rng = np.random.default_rng(1)
    n = 200
    ra, dec = rng.uniform(0, 360, n).round(9), np.degrees(np.arcsin(rng.uniform(-1, 1, n))).round(9)
    ra[:6], dec[:6] = [0, 0, 359.999999999, 266.4, 192.8594812, 12.8594812], [90, -90, 0, -28.9, 27.12825, -27.12825]
    ra2, dec2 = rng.uniform(0, 360, n).round(9), rng.uniform(-90, 90, n).round(9)
    close = slice(100, 200)
    ra2[close] = (ra[close] + rng.normal(0, 1e-3, 100)).round(9) % 360
    dec2[close] = np.clip(dec[close] + rng.normal(0, 1e-3, 100), -90, 90).round(9)
    a, b = SkyCoord(ra, dec, unit="deg"), SkyCoord(ra2, dec2, unit="deg")
    g = a.galactic
    text = a.to_string("hmsdms", sep=":", precision=4)
    sep, pa = a.separation(b).deg, a.position_angle(b).deg
    table("sky.csv", "ra_deg,dec_deg,l_deg,b_deg,ra2_deg,dec2_deg,separation_deg,position_angle_deg,hms_dms",
          ([ra[i], dec[i], g.l.deg[i], g.b.deg[i], ra2[i], dec2[i], sep[i], pa[i], text[i]] for i in range(n)))


def make_cosmology():
    z = np.array([0.001, 0.002, 0.005, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8])
    table("cosmology.csv", "z,luminosity_distance_mpc,angular_diameter_distance_mpc,distance_modulus_mag",
          zip(z, Planck18.luminosity_distance(z).value, Planck18.angular_diameter_distance(z).value, Planck18.distmod(z).value))


def make_time():
    days = ["1972-01-01", "1972-07-01", "1985-06-30", "1998-12-31", "1999-01-01", "2005-12-31", "2008-12-31", "2012-07-01",
            "2015-06-30", "2016-12-31", "2017-01-01", "2024-02-29", "2026-12-31"]
    # On a day that ends in a leap second astropy stretches the day, which a clock without that second cannot follow.
    stretched = {"1985-06-30", "1998-12-31", "2005-12-31", "2008-12-31", "2015-06-30", "2016-12-31"}
    t = Time([d + "T" + c for d in days for c in ("00:00:00.000", "23:15:42.125") if c[0] == "0" or d not in stretched], scale="utc")
    table("time.csv", "iso_utc,mjd_utc,jd_utc,mjd_tai", ([x.isot, x.mjd, x.jd, x.tai.mjd] for x in t))


SITES = [("palomar", 33.3563, -116.865, 1712), ("rubin", -30.2446, -70.7494, 2663), ("paranal", -24.6272, -70.4045, 2635),
         ("maunakea", 19.8207, -155.4681, 4205), ("la-palma", 28.7624, -17.8792, 2396), ("kiruna", 67.8558, 20.2253, 420)]


def make_ephemeris():
    rng = np.random.default_rng(7)
    rows = []
    for name, lat, lon, height in SITES:
        site = EarthLocation.from_geodetic(lon, lat, height)
        mjd = rng.uniform(51544, 64000, 40).round(6)
        t = Time(mjd, format="mjd", scale="utc")
        frame = AltAz(obstime=t, location=site)
        sun, moon = get_sun(t), get_moon(t, site)
        geocentric = get_moon(t)
        elongation = sun.separation(geocentric)
        phase = np.arctan2(sun.distance * np.sin(elongation), geocentric.distance - sun.distance * np.cos(elongation))
        lit = ((1 + np.cos(phase)) / 2).value
        ra, dec = rng.uniform(0, 360, 40).round(6), np.degrees(np.arcsin(rng.uniform(-1, 1, 40))).round(6)
        star = SkyCoord(ra, dec, unit="deg").transform_to(frame)
        lst = t.sidereal_time("mean", longitude=lon * u.deg).deg
        sun_alt, moon_alt = sun.transform_to(frame).alt.deg, moon.transform_to(frame).alt.deg
        rows += [[lat, lon, height, mjd[i], lst[i], sun_alt[i], moon_alt[i], lit[i], ra[i], dec[i], star.alt.deg[i], star.az.deg[i]] for i in range(40)]
    table("ephemeris.csv", "lat_deg,lon_deg,height_m,mjd_utc,lst_deg,sun_alt_deg,moon_alt_deg,moon_lit,star_ra_deg,star_dec_deg,star_alt_deg,star_az_deg", rows)


def make_sun_events():
    rows = []
    for name, lat, lon, height in SITES[:5]:
        site = EarthLocation.from_geodetic(lon, lat, height)
        for start in (60310.3, 60480.7, 61000.0):
            grid = start + np.arange(0, 1441) / 1440.0
            t = Time(grid, format="mjd", scale="utc")
            alt = get_sun(t).transform_to(AltAz(obstime=t, location=site)).alt.deg
            for limit in (-0.8333, -12.0, -18.0):
                above = alt > limit
                for rising in (True, False):
                    at = np.flatnonzero((above[1:] != above[:-1]) & (above[1:] == rising))
                    if len(at):
                        k = at[0]
                        when = grid[k] + (limit - alt[k]) / (alt[k + 1] - alt[k]) / 1440.0
                        rows.append([lat, lon, height, start, limit, 1 if rising else 0, when])
    table("sun-events.csv", "lat_deg,lon_deg,height_m,start_mjd,limit_deg,rising,event_mjd", rows)


if __name__ == "__main__":
    make_sky()
    make_cosmology()
    make_time()
    make_ephemeris()
    make_sun_events()
    make_healpix()
