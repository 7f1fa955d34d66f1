-- Versions of the allocation rules (compliance 7.3). One in use never changes: whatever was allocated names the one it used, with
-- the company's own rule it rests on, word for word (T-09).
create table rule_version (
  version integer primary key check (version > 0),
  body jsonb not null,
  digest text not null, -- SHA-256 of the body, canonical
  reason text not null,
  written_by text not null references member,
  approved_by text not null references member check (approved_by <> written_by), -- four eyes, also here
  approved_at timestamptz not null
);
create trigger rule_version_append_only before update or delete or truncate on rule_version
  for each statement execute function refuse_change();

-- What is being written: one at a time.
create table rule_draft (
  one boolean primary key default true check (one),
  body jsonb not null,
  digest text not null,
  state text not null check (state in ('draft', 'proposed')),
  reason text,
  written_by text not null references member,
  writers text[] not null, -- everybody who wrote in it: none of them approves it
  written_at timestamptz not null,
  rejected_by text references member,
  rejected_why text
);

-- That somebody thought it through before customers are allocated by their value (PIPL 55(2); T-44): a record of the document.
create table impact_assessment (
  id text primary key,
  title text not null,
  reference text not null, -- number of the document
  until date not null,
  recorded_by text not null references member,
  recorded_at timestamptz not null,
  ended_by text references member,
  ended_at timestamptz,
  check ((ended_by is null) = (ended_at is null))
);
