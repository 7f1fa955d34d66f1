-- Where a run of the mirror stands, so that the next one can go on there. `seen`: rows of mirror_seen that belong to it.
alter table mirror_run
  add column place jsonb not null default '{}',
  add column seen integer not null default 0;

-- The relations WeCom has shown of the members being read, to know afterwards which it has not. Nobody misses it when the
-- database crashes, which empties it: then it no longer holds as many rows as the run says, and these members are read anew.
create unlogged table mirror_seen (
  member_id text not null,
  customer_id text not null,
  primary key (member_id, customer_id)
);

-- Everything a leaver-to-be knows is read once more before the last day: when that was last finished, and how far the
-- present reading is (the last customer of it).
alter table departure
  add column frozen_at timestamptz,
  add column freeze_after text;

-- An event whose handling fails is tried again less and less often.
alter table wecom_event
  add column tries integer not null default 0,
  add column next_try_at timestamptz;

-- Who ended relations, counted for the days before somebody leaves.
create index relation_ended on relation (member_id, ended_at) where ended_by in ('member', 'customer');
