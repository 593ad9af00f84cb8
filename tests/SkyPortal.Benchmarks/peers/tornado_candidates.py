"""Serves GET /api/candidates as a web application of tornado over the SQLAlchemy ORM does: finds the caller by the token and the
filters of the caller's groups and streams, lists the objects that passed one of them within the window by their newest passing,
counts them all, loads what hangs on a page's objects, answers JSON.

Usage: tornado_candidates.py DATABASE_URL PORT; serves on the loopback address until its input ends.
"""
from datetime import datetime, timezone

from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Integer, String, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import relationship, selectinload
from sqlalchemy.types import BigInteger

from tornado_peer import Annotation, Base, Classification, Group, Handler, Row, serve, stamps


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


class StreamUser(Base):
    __tablename__ = "stream_users"
    id = Column(Integer, primary_key=True)
    stream_id = Column(Integer)
    user_id = Column(Integer)


class Filter(Base):
    __tablename__ = "filters"
    id = Column(Integer, primary_key=True)
    group_id = Column(Integer)
    stream_id = Column(Integer)


class Candidate(Base):
    __tablename__ = "candidates"
    id = Column(BigInteger, primary_key=True)
    obj_id = Column(String, ForeignKey("objs.id"))
    filter_id = Column(Integer, ForeignKey("filters.id"))
    passed_at = Column(DateTime(timezone=True))
    filter = relationship(Filter)


class Source(Base):
    __tablename__ = "sources"
    id = Column(BigInteger, primary_key=True)
    obj_id = Column(String, ForeignKey("objs.id"))
    group_id = Column(Integer, ForeignKey("groups.id"))
    saved_at = Column(DateTime(timezone=True))
    active = Column(Boolean)
    requested = Column(Boolean)
    group = relationship(Group)


class Thumbnail(Base, Row):
    __tablename__ = "thumbnails"
    id = Column(BigInteger, primary_key=True)
    created_at, modified = stamps()
    type = Column(String)
    remote_url = Column(String)
    obj_id = Column(String, ForeignKey("objs.id"))


class PhotStat(Base, Row):
    __tablename__ = "photstats"
    id = Column(BigInteger, primary_key=True)
    created_at, modified = stamps()
    obj_id = Column(String, ForeignKey("objs.id"))
    num_obs_global = Column(Integer)
    num_det_global = Column(Integer)
    last_detected_mjd = Column(Float)
    first_detected_mjd = Column(Float)
    mean_mag_global = Column(Float)


class Obj(Base, Row):
    __tablename__ = "objs"
    id = Column(String, primary_key=True)
    created_at, modified = stamps()
    ra = Column(Float)
    dec = Column(Float)
    redshift = Column(Float)
    redshift_error = Column(Float)
    redshift_history = Column(JSONB)
    summary = Column(String)
    altdata = Column(JSONB)
    transient = Column(Boolean)
    varstar = Column(Boolean)
    is_roid = Column(Boolean)
    mpc_name = Column(String)
    tns_name = Column(String)
    tns_info = Column(JSONB)
    score = Column(Float)
    origin = Column(String)
    alias = Column(ARRAY(String))
    healpix = Column(BigInteger)
    internal_key = Column(UUID)
    candidates = relationship(Candidate)
    sources = relationship(Source)
    classifications = relationship(Classification)
    annotations = relationship(Annotation)
    thumbnails = relationship(Thumbnail)
    photstats = relationship(PhotStat)


def one(obj, caller, filters):
    saves = [save for save in obj.sources if save.active and save.group_id in caller.known]
    data = {
        **obj.to_dict(),
        "is_source": bool(saves),
        "passing_group_ids": sorted({row.filter.group_id for row in obj.candidates if row.filter_id in filters}),
        "annotations": [row.to_dict() for row in obj.annotations if caller.overlaps(row.group_ids)],
        "thumbnails": [row.to_dict() for row in obj.thumbnails],
        "photstats": [row.to_dict() for row in obj.photstats],
    }
    if saves:
        data["saved_groups"] = [save.group.to_dict() for save in saves]
        data["classifications"] = [row.to_dict() for row in obj.classifications if caller.overlaps(row.group_ids) and caller.overlaps(row.taxonomy.group_ids)]
    return data


class Candidates(Handler):
    def answer(self, session, caller):
        streams = select(StreamUser.stream_id).where(StreamUser.user_id == caller.user_id)
        page = int(self.get_argument("pageNumber", "1"))
        size = int(self.get_argument("numPerPage", "25"))
        allowed = select(Filter).where(Filter.group_id.in_(caller.groups), Filter.stream_id.in_(session.execute(streams).scalars().all()))
        if self.get_argument("groupIDs", None):
            allowed = allowed.where(Filter.group_id.in_([int(one) for one in self.get_argument("groupIDs").split(",")]))
        scope = session.execute(allowed).scalars().all()
        filters = [row.id for row in scope]
        passed = select(Candidate.obj_id, func.max(Candidate.passed_at).label("newest")).where(Candidate.filter_id.in_(filters)).group_by(Candidate.obj_id)
        if self.get_argument("startDate", None):
            passed = passed.where(Candidate.passed_at >= moment(self.get_argument("startDate")))
        if self.get_argument("endDate", None):
            passed = passed.where(Candidate.passed_at <= moment(self.get_argument("endDate")))
        passed = passed.subquery()
        matches = select(Obj.id).join(passed, passed.c.obj_id == Obj.id)
        if self.get_argument("savedStatus", "all") == "notSavedToAnySelected":
            saved_to = {row.group_id for row in scope}
            matches = matches.where(~exists().where(Source.obj_id == Obj.id, Source.active, Source.group_id.in_(saved_to)))
        total = session.execute(select(func.count()).select_from(matches.subquery())).scalar_one()
        ids = session.execute(matches.order_by(passed.c.newest.desc(), passed.c.obj_id).limit(size).offset((page - 1) * size)).scalars().all()
        objs = session.execute(
            select(Obj).where(Obj.id.in_(ids)).options(
                selectinload(Obj.sources).joinedload(Source.group), selectinload(Obj.candidates).joinedload(Candidate.filter),
                selectinload(Obj.classifications).joinedload(Classification.taxonomy), selectinload(Obj.annotations),
                selectinload(Obj.thumbnails), selectinload(Obj.photstats))
        ).scalars().all()
        known = {obj.id: obj for obj in objs}
        return {"totalMatches": total, "candidates": [one(known[name], caller, set(filters)) for name in ids], "pageNumber": page, "numPerPage": size}


serve("/api/candidates", Candidates)
