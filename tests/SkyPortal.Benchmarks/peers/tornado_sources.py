"""Serves GET /api/sources as a web application of tornado over the SQLAlchemy ORM does: finds the caller by the token, lists the
objects saved to the caller's groups by their newest save, counts them all, loads what hangs on a page's objects, answers JSON.

Usage: tornado_sources.py DATABASE_URL PORT; serves on the loopback address until its input ends.
"""
import hashlib
import json
import sys
import threading
from datetime import datetime

import tornado.ioloop
import tornado.web
from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Integer, LargeBinary, String, create_engine, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import Session, declarative_base, relationship, selectinload
from sqlalchemy.types import BigInteger

Base = declarative_base()


class Row:
    def to_dict(self):
        return {column.name: plain(getattr(self, column.key)) for column in self.__table__.columns}


def plain(value):
    return value.replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value


def stamps():
    return Column(DateTime(timezone=True)), Column(DateTime(timezone=True))


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


class Token(Base):
    __tablename__ = "tokens"
    id = Column(Integer, primary_key=True)
    secret_hash = Column(LargeBinary)
    created_by_id = Column(Integer, ForeignKey("users.id"))
    acls = Column(ARRAY(String))


class Member(Base):
    __tablename__ = "group_users"
    id = Column(Integer, primary_key=True)
    group_id = Column(Integer)
    user_id = Column(Integer)


class Group(Base, Row):
    __tablename__ = "groups"
    id = Column(Integer, primary_key=True)
    created_at, modified = stamps()
    name = Column(String)
    nickname = Column(String)
    description = Column(String)
    private = Column(Boolean)
    auto_accept_requests = Column(Boolean)
    single_user_group = Column(Boolean)


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


class Taxonomy(Base):
    __tablename__ = "taxonomies"
    id = Column(Integer, primary_key=True)
    group_ids = Column(ARRAY(Integer))


class Classification(Base, Row):
    __tablename__ = "classifications"
    id = Column(BigInteger, primary_key=True)
    created_at, modified = stamps()
    obj_id = Column(String, ForeignKey("objs.id"))
    classification = Column(String)
    taxonomy_id = Column(Integer, ForeignKey("taxonomies.id"))
    probability = Column(Float)
    origin = Column(String)
    ml = Column(Boolean)
    author_id = Column(Integer)
    author_name = Column(String)
    group_ids = Column(ARRAY(Integer))
    taxonomy = relationship(Taxonomy)


class Annotation(Base, Row):
    __tablename__ = "annotations"
    id = Column(BigInteger, primary_key=True)
    created_at, modified = stamps()
    obj_id = Column(String, ForeignKey("objs.id"))
    origin = Column(String)
    data = Column(JSONB)
    author_id = Column(Integer)
    group_ids = Column(ARRAY(Integer))


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


class Caller:
    def __init__(self, session, secret):
        token = session.execute(select(Token).where(Token.secret_hash == hashlib.sha256(secret.encode()).digest())).scalar_one()
        self.user_id = token.created_by_id
        self.sees_all = "System admin" in token.acls
        self.groups = session.execute(select(Member.group_id).where(Member.user_id == self.user_id)).scalars().all()
        self.known = set(self.groups)

    def overlaps(self, group_ids):
        return self.sees_all or not self.known.isdisjoint(group_ids)


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


class Sources(tornado.web.RequestHandler):
    def get(self):
        page = int(self.get_argument("pageNumber", "1"))
        size = int(self.get_argument("numPerPage", "100"))
        with Session(engine) as session:
            caller = Caller(session, self.request.headers["Authorization"][len("token "):])
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
            data = {"totalMatches": total, "sources": [one(known[name], caller) for name in ids], "pageNumber": page, "numPerPage": size}
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps({"status": "success", "data": data, "version": "1.4.0"}))


def main():
    global engine
    engine = create_engine(sys.argv[1])
    tornado.web.Application([("/api/sources", Sources)]).listen(int(sys.argv[2]), address="127.0.0.1")
    loop = tornado.ioloop.IOLoop.current()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.add_callback(loop.stop)), daemon=True).start()
    loop.start()


main()
