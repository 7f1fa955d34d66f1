-- What proves the audit log, and the keys under which persons are bound in it. `audit_key`, `tree_head`, `tree_tile` and
-- `tree_stamp` only grow, like the log itself.

-- One key a person (member or customer), sealed with the server's secret. Null: destroyed for ever, so that what was hashed
-- with it says nothing about anybody any more.
create table person_key (
  person_id text primary key,
  sealed text
);

-- Whose signature is on the heads: public keys are kept for ever, the private one is sealed, or null when it is a setting.
create table audit_key (
  id text primary key, -- the first half of SHA-256 of the public key
  public_key text not null, -- SPKI, base64
  sealed text,
  since timestamptz(3) not null
);

-- Signed heads of the Merkle tree over audit.hash (compliance 4.5). range: the roots of the perfect subtrees it ends in, from
-- left to right; with them the next head costs only what is new.
create table tree_head (
  size bigint primary key,
  root text not null,
  at timestamptz(3) not null,
  key text not null references audit_key,
  signature text not null,
  range text[] not null
);

-- Roots of complete subtrees of 256, 65,536 … leaves, so that a proof reads some hundred hashes and not the whole log.
create table tree_tile (
  level smallint not null,
  index bigint not null,
  hash text not null,
  primary key (level, index)
);

-- RFC 3161 time stamps of heads: the authority's whole answer, as a verifier wants it.
create table tree_stamp (
  size bigint primary key references tree_head,
  at timestamptz(3) not null, -- what the authority says
  response text not null -- DER, base64
);

-- How the last try to stamp a head went.
create table tree_stamp_try (
  size bigint primary key references tree_head,
  tries integer not null,
  tried_at timestamptz not null,
  next_at timestamptz not null,
  why text not null
);

-- The nightly walk over the whole log.
create table audit_check (
  at timestamptz primary key,
  entries bigint not null,
  broken_seq bigint, -- null: whole
  why text
);

create trigger audit_key_append_only before update or delete or truncate on audit_key
  for each statement execute function refuse_change();
create trigger tree_head_append_only before update or delete or truncate on tree_head
  for each statement execute function refuse_change();
create trigger tree_tile_append_only before update or delete or truncate on tree_tile
  for each statement execute function refuse_change();
create trigger tree_stamp_append_only before update or delete or truncate on tree_stamp
  for each statement execute function refuse_change();
create trigger audit_check_append_only before update or delete or truncate on audit_check
  for each statement execute function refuse_change();
