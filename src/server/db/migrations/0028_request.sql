-- What somebody asks for about their own information (compliance 5.5). It outlives the customer's rows: that it was answered
-- must be provable after everything else was deleted.
create table rights_request (
  id text primary key,
  number text not null unique,
  customer_id text references customer on delete set null,
  handover_id text references handover on delete set null,
  token_hash text, -- of the link it came by, so that this link can still say what became of it
  kind text not null check (kind in ('access', 'copy', 'move', 'correct', 'supplement', 'delete', 'restrict', 'object',
    'withdraw', 'explain_rules', 'explain_allocation', 'close_account', 'deceased')),
  language text not null check (language in ('zh-CN', 'en')),
  at timestamptz not null,
  about text not null default '',   -- which line of the notice, which field
  text text not null default '',    -- F6
  contact text,
  ial text not null check (ial in ('IAL0', 'IAL1', 'IAL2')),
  state text not null check (state in ('received', 'identity_check', 'accepted', 'refused', 'executed', 'informed')),
  due date not null,
  due_at timestamptz not null,
  calendar text not null,
  identified_how text,
  identified_by text references member,
  identified_at timestamptz,
  decided_by text references member,
  decided_at timestamptz,
  reason text,
  executed_by text references member,
  executed_at timestamptz,
  outcome text,
  informed_how text,
  informed_at timestamptz,
  taken_at timestamptz -- the copy was taken, once
);
create index rights_request_customer on rights_request (customer_id);
create index rights_request_open on rights_request (due_at) where informed_at is null;
create index rights_request_link on rights_request (token_hash);

create table request_day (
  day date primary key,
  last integer not null
);

-- Storage only: nobody reads it to serve (PIPL 44). The record stays, for retention and for legal claims.
alter table customer add column restricted_at timestamptz;

-- What the customer said is right, beside what we had. WeCom's copy of a name is not ours to overwrite.
create table customer_correction (
  id text primary key,
  customer_id text not null references customer,
  request_id text not null references rights_request,
  at timestamptz not null,
  field text not null,
  before text not null,
  value text not null
);
create index customer_correction_customer on customer_correction (customer_id);

-- The second exception from append-only: the customer asked, compliance accepted, nothing binds and nothing holds.
create function purge_history_of(wanted text, request text) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  gone integer;
begin
  if customer_held(wanted) or customer_ended(wanted) is null or not exists (
    select 1 from rights_request r where r.id = request and r.customer_id = wanted
      and r.kind in ('delete', 'close_account') and r.state = 'accepted' and r.decided_by is not null) then
    raise exception 'not asked for';
  end if;
  perform set_config('jiebang.purging', 'history', true);
  delete from history where customer_id = wanted;
  get diagnostics gone = row_count;
  perform set_config('jiebang.purging', '', true);
  return gone;
end $$;
