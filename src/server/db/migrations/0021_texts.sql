-- Versions of the texts customers read (shared/text.ts). A version never changes: whatever was sent names the one it used.
create table text_version (
  text text not null,
  version integer not null check (version > 0),
  words jsonb not null,            -- language → part → sentence
  lists jsonb,                     -- page: who sees what, as the access table had it then
  digest text not null,            -- SHA-256 of both, canonical
  class text not null check (class in ('editorial', 'notice_material', 'consent_material')),
  reason text not null,
  changed jsonb,                   -- language → what customers are told of the change
  written_by text references member,   -- null: it came with a release
  confirmed_by text references member,
  published_at timestamptz not null,
  primary key (text, version),
  check ((written_by is null) = (confirmed_by is null)),
  check (confirmed_by is null or confirmed_by <> written_by) -- four eyes, also here
);
create trigger text_version_append_only before update or delete or truncate on text_version
  for each statement execute function refuse_change();

-- What is being written: one for each text.
create table text_draft (
  text text primary key,
  words jsonb not null,
  digest text not null,
  state text not null check (state in ('draft', 'proposed')),
  class text check (class in ('editorial', 'notice_material', 'consent_material')),
  reason text,
  changed jsonb,
  written_by text not null references member,
  writers text[] not null,         -- everybody who wrote in it: none of them confirms it
  written_at timestamptz not null,
  rejected_by text references member,
  rejected_why text
);
