#!/usr/bin/python3
"""Makes the stored vectors of the periodogram tests with astropy and numpy.

How to run (Debian: apt install python3-astropy), from any folder, some seconds:

    /usr/bin/python3 make_periodogram_vectors.py

It writes, beside itself:
  periodogram-points.csv  light curves: curve, time, value, error, band
  periodogram-powers.csv  curve, frequency, power: LombScargle(..).power(method='slow') of astropy for the curves of one
                          band; for the others the same from least squares with one mean per band and one sinusoid
  periodogram-alarms.csv  curve, power, highest frequency, false alarm probability, by Baluev's method in astropy
                          (its inner function: the outer one rounds the frequency to a grid)

Last made with astropy 5.2.1, numpy 1.24.2.
"""
import os

import numpy as np
from astropy.timeseries import LombScargle
from astropy.timeseries.periodograms.lombscargle._statistics import fap_baluev

HERE = os.path.dirname(os.path.abspath(__file__))
RNG = np.random.default_rng(20081)


def table(name, header, rows):
    with open(os.path.join(HERE, name), "w") as file:
        file.write(header + "\n")
        file.writelines(",".join(repr(float(cell)) for cell in row) + "\n" for row in rows)


def curve(points, base, period, amplitude, bands):
    nights = np.sort(RNG.integers(0, base, points)) + RNG.normal(0.2, 0.05, points) + 58000
    band = RNG.integers(0, bands, points)
    error = RNG.uniform(0.5, 3, points)
    value = 20 + 30 * band + amplitude * np.sin(2 * np.pi * nights / period + 1) + RNG.normal(0, error)
    return nights.round(6), value.round(6), error.round(6), band


def least_squares(time, value, error, band, frequencies):
    means = np.array([band == b for b in np.unique(band)], float).T / error[:, None]
    target = value / error

    def squares(columns):
        left = target - columns @ np.linalg.lstsq(columns, target, rcond=None)[0]
        return left @ left

    null = squares(means)
    middle = time.mean()
    angle = [2 * np.pi * f * (time - middle) for f in frequencies]
    return [1 - squares(np.c_[means, np.sin(a) / error, np.cos(a) / error]) / null for a in angle]


def main():
    points, powers, alarms = [], [], []
    curves = [curve(60, 300, 3.7, 4, 1), curve(400, 2000, 0.613, 3, 1), curve(25, 40, 11.2, 10, 1), curve(200, 900, 1.83, 5, 3), curve(30, 100, 7.1, 8, 2)]
    for number, (time, value, error, band) in enumerate(curves):
        points += zip([number] * len(time), time, value, error, band)
        frequencies = np.r_[np.linspace(0.02, 9.99, 40), RNG.uniform(0.02, 10, 40)].round(5)
        if band.max() == 0:
            search = LombScargle(time, value, error)
            power = search.power(frequencies, method="slow")
            for z in (0.02, 0.1, 0.2, 0.4, 0.7, 0.95):
                for top in (0.5, 10.0, 50.0):
                    alarms.append([number, z, top, fap_baluev(z, top, time - time.mean(), value, error)])
        else:
            power = least_squares(time, value, error, band, frequencies)
        powers += zip([number] * len(frequencies), frequencies, power)
    table("periodogram-points.csv", "curve,time_days,value,error,band", points)
    table("periodogram-powers.csv", "curve,frequency_per_day,power", powers)
    table("periodogram-alarms.csv", "curve,power,max_frequency_per_day,probability", alarms)


main()
