-- Photometry is the mass: hash partitions by object keep each index small, and an object's light curve lies in one of them.
-- Objects and instruments are no foreign keys here: these would be asked once per point. The one writer of points holds its
-- objects and instruments instead, once per batch, and the triggers below do for deleted ones what the keys would.
create sequence photometry_id_seq;

-- A run of ids at once. The lock keeps two runs apart and is held for this moment only, not to the end of the transaction.
create function take_photometry_ids(amount integer) returns bigint language plpgsql as $$
declare
    first bigint;
begin
    perform pg_advisory_lock(7201331);
    first := nextval('photometry_id_seq');
    perform setval('photometry_id_seq', first + amount - 1);
    perform pg_advisory_unlock(7201331);
    return first;
end $$;

create table photometry (
    id bigint not null default take_photometry_ids(1),
    obj_id text not null,
    instrument_id integer not null,
    filter text not null,
    mjd double precision not null,
    flux double precision,
    fluxerr double precision not null,
    origin text not null,
    ra double precision,
    dec double precision,
    ra_unc double precision,
    dec_unc double precision,
    ref_flux double precision,
    ref_fluxerr double precision,
    original_user_data jsonb,
    altdata jsonb,
    upload_id uuid not null,
    owner_id integer not null,
    group_ids integer[] not null,
    stream_ids integer[] not null,
    followup_request_id integer,
    assignment_id integer,
    dedup_hash bigint not null,
    created_at timestamptz not null,
    modified timestamptz not null
) partition by hash (obj_id);

do $$
begin
    for part in 0..15 loop
        execute format('create table photometry_%s partition of photometry for values with (modulus 16, remainder %s)', part, part);
    end loop;
end $$;

-- Few indexes and no more: duplicates (which also serves the object's light curve), single points, and ranges of time over all
-- objects. The last keeps the least and the latest time of each megabyte and costs an upload next to nothing.
create unique index ix_photometry_obj_id_dedup_hash on photometry (obj_id, dedup_hash);
create index ix_photometry_id on photometry (id);
create index ix_photometry_mjd on photometry using brin (mjd) with (autosummarize = on);

create function delete_points_of_object() returns trigger language plpgsql as $$
begin
    delete from photometry where obj_id = old.id;
    return null;
end $$;

create trigger objs_delete_points after delete on objs for each row execute function delete_points_of_object();

create function delete_annotations_of_points() returns trigger language plpgsql as $$
begin
    delete from annotations_on_photometry a using gone where a.photometry_id = gone.id;
    delete from photometry_validations v using gone where v.photometry_id = gone.id;
    return null;
end $$;

create trigger photometry_delete_annotations after delete on photometry
    referencing old table as gone for each statement execute function delete_annotations_of_points();

create function refuse_instrument_with_points() returns trigger language plpgsql as $$
begin
    if exists (select 1 from photometry where instrument_id = old.id) then
        raise foreign_key_violation using message = format('photometry was taken with instrument %s', old.id);
    end if;
    return null;
end $$;

create trigger instruments_refuse_with_points after delete on instruments for each row execute function refuse_instrument_with_points();

-- Which objects an upload touched, so that undoing it needs no index on upload_id.
create table photometry_uploads (
    upload_id uuid primary key,
    owner_id integer not null,
    obj_ids text[] not null,
    created_at timestamptz not null
);

-- Packets by night: a night is dropped or moved as a whole.
create table alerts (
    night date not null,
    survey text not null,
    alert_id bigint not null,
    obj_id text not null,
    mjd double precision not null,
    ra double precision not null,
    dec double precision not null,
    healpix bigint not null,
    programme integer not null,
    stream_ids integer[] not null,
    pack_hash text not null,
    pack_offset bigint not null,
    pack_length integer not null,
    framing text not null,
    ingested_at timestamptz not null,
    -- What searches ask for in every survey.
    band text,
    mag real,
    mag_err real,
    score real,
    is_positive boolean,
    -- Every numeric field of the packet's main record, at the places that AlertFields gives it for the survey.
    singles real[] not null,
    doubles float8[] not null,
    integers bigint[] not null,
    primary key (night, survey, alert_id)
) partition by range (night);

create index ix_alerts_obj_id on alerts (obj_id);
create index ix_alerts_alert_id on alerts (alert_id);
-- The newest first, night after night; and cones as ranges of pixels.
create index ix_alerts_night_mjd on alerts (night, mjd, alert_id, survey);
create index ix_alerts_healpix on alerts (healpix);

-- Names that objects have elsewhere, whatever their case.
create function lower_all(names text[]) returns text[] language sql immutable strict parallel safe as $$
    select array_agg(lower(name)) from unnest(names) as given (name)
$$;

create index ix_objs_lower_tns_name on objs (lower(tns_name));
create index ix_objs_lower_alias on objs using gin (lower_all(alias));

-- Every node hears of every event when it is committed, and reads the row itself.
create function notify_outbox_event() returns trigger language plpgsql as $$
begin
    perform pg_notify('skyportal', new.id::text || ' ' || new.kind || ' ' || left(new.subject, 500));
    return null;
end $$;

create trigger outbox_events_notify after insert on outbox_events
    for each row execute function notify_outbox_event();

-- Which objects' saves changed, and in which transaction: every node keeps the order of all saves in memory and reads here what
-- changed since. A transaction that commits late has a number that was still open when the node last looked, so none is missed.
create table source_changes (
    id bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    obj_id text not null,
    at timestamptz not null default clock_timestamp()
);

create index ix_source_changes_xid on source_changes (xid);
create index ix_source_changes_at on source_changes (at);

create function note_source_changes() returns trigger language plpgsql as $$
begin
    if tg_op = 'TRUNCATE' then
        -- No object has an empty name: it stands for all of them.
        insert into source_changes (obj_id) values ('');
    elsif tg_op = 'UPDATE' then
        insert into source_changes (obj_id) select obj_id from gone union select obj_id from come;
    elsif tg_op = 'INSERT' then
        insert into source_changes (obj_id) select distinct obj_id from come;
    else
        insert into source_changes (obj_id) select distinct obj_id from gone;
    end if;
    return null;
end $$;

create trigger sources_note_insert after insert on sources
    referencing new table as come for each statement execute function note_source_changes();
create trigger sources_note_update after update on sources
    referencing old table as gone new table as come for each statement execute function note_source_changes();
create trigger sources_note_delete after delete on sources
    referencing old table as gone for each statement execute function note_source_changes();
create trigger sources_note_truncate after truncate on sources for each statement execute function note_source_changes();
