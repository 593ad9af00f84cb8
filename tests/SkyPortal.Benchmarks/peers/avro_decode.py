"""The peer of AvroDecodeBenchmark: decodes every file of a folder with the pure-Python avro package, in one process.

  avro_decode.py FOLDER answers   one line per packet: objectId, candid, number of prv_candidates
  avro_decode.py FOLDER PASSES    packets per second over so many passes, after one packet to warm up
"""

import pathlib
import sys
import time

from avro.datafile import DataFileReader
from avro.io import DatumReader


def decode(path):
    with path.open("rb") as file, DataFileReader(file, DatumReader()) as reader:
        return list(reader)


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.avro"))
    if sys.argv[2] == "answers":
        for path in paths:
            for packet in decode(path):
                print(packet["objectId"], packet["candid"], len(packet["prv_candidates"] or []))
        return
    passes = int(sys.argv[2])
    decode(paths[0])
    packets = 0
    begin = time.perf_counter()
    for _ in range(passes):
        for path in paths:
            packets += len(decode(path))
    print(packets / (time.perf_counter() - begin))


main()
