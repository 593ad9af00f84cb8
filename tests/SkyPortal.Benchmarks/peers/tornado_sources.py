"""Serves GET /api/sources as a web application of tornado over the SQLAlchemy ORM does: finds the caller by the token, lists the
objects saved to the caller's groups by their newest save, counts them all, loads what hangs on a page's objects, answers JSON.

Usage: tornado_sources.py DATABASE_URL PORT; serves on the loopback address until its input ends.
"""
from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Integer, String, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import relationship, selectinload
from sqlalchemy.types import BigInteger

from tornado_peer import Annotation, Base, Classification, Group, Handler, Row, plain, serve, stamps


class User(Base, Row):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    created_at, modified = stamps()
    username = Column(String)
    first_name = Column(String)
    last_name = Column(String)
    bio = Column(String)
    affiliations = Column(ARRAY(String))
    contact_email = Column(String)
    contact_phone = Column(String)
    oauth_uid = Column(String)
    is_bot = Column(Boolean)
    expiration_date = Column(DateTime(timezone=True))


class Source(Base):
    __tablename__ = "sources"
    id = Column(BigInteger, primary_key=True)
    obj_id = Column(String, ForeignKey("objs.id"))
    group_id = Column(Integer, ForeignKey("groups.id"))
    saved_by_id = Column(Integer, ForeignKey("users.id"))
    saved_at = Column(DateTime(timezone=True))
    active = Column(Boolean)
    requested = Column(Boolean)
    group = relationship(Group)
    saved_by = relationship(User)


class Obj(Base, Row):
    __tablename__ = "objs"
    id = Column(String, primary_key=True)
    created_at, modified = stamps()
    ra = Column(Float)
    dec = Column(Float)
    ra_dis = Column(Float)
    dec_dis = Column(Float)
    ra_err = Column(Float)
    dec_err = Column(Float)
    offset = Column(Float)
    t0 = Column(Float)
    redshift = Column(Float)
    redshift_error = Column(Float)
    redshift_origin = Column(String)
    redshift_history = Column(JSONB)
    host_id = Column(Integer)
    summary = Column(String)
    summary_history = Column(JSONB)
    altdata = Column(JSONB)
    dist_nearest_source = Column(Float)
    mag_nearest_source = Column(Float)
    e_mag_nearest_source = Column(Float)
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
    detect_photometry_count = Column(Integer)
    internal_key = Column(UUID)
    created_by_id = Column(Integer)
    group_ids = Column(ARRAY(Integer))
    sources = relationship(Source, order_by=[Source.saved_at, Source.id])
    classifications = relationship(Classification, order_by=[Classification.created_at, Classification.id])
    annotations = relationship(Annotation, order_by=Annotation.origin)


def one(obj, caller):
    data = obj.to_dict()
    del data["created_by_id"], data["group_ids"]
    data["groups"] = [
        {**save.group.to_dict(), "active": save.active, "requested": save.requested, "saved_at": plain(save.saved_at), "saved_by": save.saved_by and save.saved_by.to_dict()}
        for save in obj.sources if save.active and (caller.sees_all or save.group_id in caller.known)
    ]
    data["classifications"] = [
        {**row.to_dict(), "groups": [], "votes": []}
        for row in obj.classifications if caller.overlaps(row.group_ids) and caller.overlaps(row.taxonomy.group_ids)
    ]
    data["annotations"] = [row.to_dict() for row in obj.annotations if caller.overlaps(row.group_ids)]
    data["tags"] = []
    return data


class Sources(Handler):
    def answer(self, session, caller):
        page = int(self.get_argument("pageNumber", "1"))
        size = int(self.get_argument("numPerPage", "100"))
        saves = select(Source.obj_id, func.max(Source.saved_at).label("newest"), func.max(Source.id).label("last")).where(Source.active).group_by(Source.obj_id)
        visible = select(Obj.id)
        if not caller.sees_all:
            saves = saves.where(Source.group_id.in_(caller.groups))
            visible = visible.where(Obj.group_ids.overlap(caller.groups) | (Obj.created_by_id == caller.user_id))
        saves = saves.subquery()
        matches = visible.join(saves, saves.c.obj_id == Obj.id)
        total = session.execute(select(func.count()).select_from(matches.subquery())).scalar_one()
        ids = session.execute(matches.order_by(saves.c.newest.desc(), saves.c.last.desc()).limit(size).offset((page - 1) * size)).scalars().all()
        objs = session.execute(
            select(Obj).where(Obj.id.in_(ids)).options(
                selectinload(Obj.sources).joinedload(Source.group), selectinload(Obj.sources).joinedload(Source.saved_by),
                selectinload(Obj.classifications).joinedload(Classification.taxonomy), selectinload(Obj.annotations))
        ).scalars().all()
        known = {obj.id: obj for obj in objs}
        return {"totalMatches": total, "sources": [one(known[name], caller) for name in ids], "pageNumber": page, "numPerPage": size}


serve("/api/sources", Sources)
