"""Uploads photometry as a web application over the SQLAlchemy ORM does: checks each row, makes an object of it, adds and commits.

Usage: sqlalchemy_photometry.py URL ROWS_FILE; prints rows per second.
"""
import json
import math
import sys
import time
import uuid
from datetime import datetime, timezone

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, Float, Integer, String, create_engine
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()
FILTERS = {"ztfg", "ztfr", "ztfi"}


class Photometry(Base):
    __tablename__ = "photometry"
    id = Column(BigInteger, primary_key=True)
    obj_id = Column(String, nullable=False)
    instrument_id = Column(Integer, nullable=False)
    filter = Column(String, nullable=False)
    mjd = Column(Float, nullable=False)
    flux = Column(Float)
    fluxerr = Column(Float, nullable=False)
    origin = Column(String, nullable=False)
    original_user_data = Column(JSONB)
    upload_id = Column(UUID(as_uuid=True), nullable=False)
    owner_id = Column(Integer, nullable=False)
    group_ids = Column(ARRAY(Integer), nullable=False)
    stream_ids = Column(ARRAY(Integer), nullable=False)
    dedup_hash = Column(BigInteger, nullable=False)
    created_at = Column(DateTime(timezone=True), nullable=False)
    modified = Column(DateTime(timezone=True), nullable=False)


def finite(row, field):
    value = row[field]
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{field} is not a finite number")
    return float(value)


def point(row, upload, now):
    if row["filter"] not in FILTERS:
        raise ValueError("filter")
    mag, error = finite(row, "mag"), finite(row, "magerr")
    if error <= 0:
        raise ValueError("magerr")
    limit = finite(row, "limiting_mag")
    flux = 10 ** (-0.4 * (mag - 23.9))
    fluxerr = error * math.log(10) / 2.5 * flux
    mjd = finite(row, "mjd")
    key = (row["instrument_id"], "None", mjd, fluxerr, flux)
    return Photometry(
        obj_id=row["obj_id"], instrument_id=row["instrument_id"], filter=row["filter"], mjd=mjd, flux=flux, fluxerr=fluxerr, origin="None",
        original_user_data={"limiting_mag": limit, "magsys": "ab", "limiting_mag_nsigma": 3}, upload_id=upload, owner_id=1,
        group_ids=[1], stream_ids=[], dedup_hash=hash(key), created_at=now, modified=now,
    )


def main():
    engine = create_engine(sys.argv[1])
    with open(sys.argv[2]) as file:
        rows = json.load(file)
    with Session(engine) as session:
        start = time.perf_counter()
        now = datetime.now(timezone.utc)
        upload = uuid.uuid4()
        session.add_all([point(row, upload, now) for row in rows])
        session.commit()
        print(len(rows) / (time.perf_counter() - start))


main()
