"""What the peers that serve over tornado and the SQLAlchemy ORM have in common: tables, the caller behind a token, the server."""
import hashlib
import json
import sys
import threading
from datetime import datetime

import tornado.ioloop
import tornado.web
from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Integer, LargeBinary, String, create_engine, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session, declarative_base, relationship
from sqlalchemy.types import BigInteger

Base = declarative_base()


class Row:
    def to_dict(self):
        return {column.name: plain(getattr(self, column.key)) for column in self.__table__.columns}


def plain(value):
    return value.replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value


def stamps():
    return Column(DateTime(timezone=True)), Column(DateTime(timezone=True))


class Token(Base):
    __tablename__ = "tokens"
    id = Column(Integer, primary_key=True)
    secret_hash = Column(LargeBinary)
    created_by_id = Column(Integer)
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


class Caller:
    def __init__(self, session, secret):
        token = session.execute(select(Token).where(Token.secret_hash == hashlib.sha256(secret.encode()).digest())).scalar_one()
        self.user_id = token.created_by_id
        self.sees_all = "System admin" in token.acls
        self.groups = session.execute(select(Member.group_id).where(Member.user_id == self.user_id)).scalars().all()
        self.known = set(self.groups)

    def overlaps(self, group_ids):
        return self.sees_all or not self.known.isdisjoint(group_ids)


class Handler(tornado.web.RequestHandler):
    engine = None

    def get(self):
        with Session(self.engine) as session:
            data = self.answer(session, Caller(session, self.request.headers["Authorization"][len("token "):]))
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps({"status": "success", "data": data, "version": "1.4.0"}))


def serve(path, handler):
    """Serves one address on the loopback port that the command names until the input ends."""
    Handler.engine = create_engine(sys.argv[1])
    tornado.web.Application([(path, handler)]).listen(int(sys.argv[2]), address="127.0.0.1")
    loop = tornado.ioloop.IOLoop.current()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.add_callback(loop.stop)), daemon=True).start()
    loop.start()
