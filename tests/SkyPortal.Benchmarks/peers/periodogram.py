"""The peer of PeriodogramBenchmark: astropy's LombScargle over the points of FOLDER/points.csv (time, value, error).

  periodogram.py FOLDER FIRST STEP COUNT answers EVERY   writes fast.bin, the power of every frequency by method fast, and
                                                         exact.bin, that of every EVERYth one by method slow
  periodogram.py FOLDER FIRST STEP COUNT times PASSES    median milliseconds of method fast, after one pass to warm up
"""

import pathlib
import sys
import time

import numpy as np
from astropy.timeseries import LombScargle


def main():
    folder = pathlib.Path(sys.argv[1])
    frequencies = float(sys.argv[2]) + float(sys.argv[3]) * np.arange(int(sys.argv[4]))
    search = LombScargle(*np.loadtxt(folder / "points.csv", delimiter=",").T)

    def fast():
        return search.power(frequencies, method="fast", assume_regular_frequency=True)

    if sys.argv[5] == "answers":
        fast().astype("<f8").tofile(folder / "fast.bin")
        search.power(frequencies[:: int(sys.argv[6])], method="slow").astype("<f8").tofile(folder / "exact.bin")
        return
    fast()
    times = []
    for _ in range(int(sys.argv[6])):
        begin = time.perf_counter()
        fast()
        times.append(time.perf_counter() - begin)
    print(1000 * sorted(times)[len(times) // 2])


main()
