-- What was deleted because its time was over: numbers only. One row for each class and night.
create table retention_run (
  class text not null,
  at timestamptz not null,
  removed integer not null,
  primary key (class, at)
);

create index customer_first_seen on customer (id, first_seen_at);
create index wecom_event_received on wecom_event (received_at);
create index letter_to_member_written on letter_to_member (written_at);

-- When the last thing that bound us to a customer ended; null while something still does: a member follows them, a transfer
-- is under way, they wait for an answer.
create function customer_ended(wanted text) returns timestamptz language sql stable as $$
  select case
    when exists (select 1 from relation r where r.customer_id = wanted and r.ended_at is null)
      or exists (select 1 from handover h join transfer t on t.handover_id = h.id where h.customer_id = wanted
                 and t.state in ('planned', 'pending_approval', 'approved', 'submitted', 'waiting'))
      or exists (select 1 from handover h join objection o on o.handover_id = h.id
                 where h.customer_id = wanted and o.handled_at is null)
    then null
    else (select max(x.at) from (
      select c.first_seen_at as at from customer c where c.id = wanted
      union all select r.ended_at from relation r where r.customer_id = wanted
      union all select h.created_at from handover h where h.customer_id = wanted
      union all select greatest(t.settled_at, t.takeover_at, t.submitted_at)
        from handover h join transfer t on t.handover_id = h.id where h.customer_id = wanted
      union all select greatest(n.sent_at, n.opened_at, n.answered_at)
        from handover h join notice n on n.handover_id = h.id where h.customer_id = wanted
      union all select greatest(o.at, o.handled_at)
        from handover h join objection o on o.handover_id = h.id where h.customer_id = wanted
      union all select k.at from handover h join complaint k on k.handover_id = h.id where h.customer_id = wanted
      union all select greatest(p.made_at, p.kept_at, (p.due + 1)::timestamptz) from promise p where p.customer_id = wanted
      union all select max(y.at) from history y where y.customer_id = wanted
    ) x)
  end $$;

create function customer_held(wanted text) returns boolean language sql stable as $$
  select exists (
    select 1 from legal_hold l where l.released_at is null
      and ((l.subject_kind = 'customer' and l.subject_id = wanted)
        or (l.subject_kind = 'departure' and exists (
          select 1 from handover h where h.customer_id = wanted and h.departure_id = l.subject_id)))) $$;

-- How far the app's clock may be ahead of the database's; only the owner of the database can say otherwise (tests do).
create function clock_ahead() returns interval language sql immutable as $$ select interval '1 day' $$;

-- The one exception from append-only: history of customers whose time is over. The owner's right, lent for exactly that:
-- it refuses anything before 1,095 days, anything held, and a clock that runs ahead; the app's own role cannot delete a row of it.
create function purge_history(customers text[], as_of timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  wanted text;
  gone integer;
begin
  if as_of > now() + clock_ahead() then
    raise exception 'the clock is ahead of the database''s';
  end if;
  foreach wanted in array customers loop
    if customer_held(wanted) or coalesce(customer_ended(wanted) > as_of - interval '26280 hours', true) then
      raise exception 'not due';
    end if;
  end loop;
  perform set_config('jiebang.purging', 'history', true);
  delete from history where customer_id = any (customers);
  get diagnostics gone = row_count;
  perform set_config('jiebang.purging', '', true);
  return gone;
end $$;

-- The setting alone is no key: whoever has no right to delete still has none, and the app's role has none.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and tg_table_name = 'history' and current_setting('jiebang.purging', true) = 'history' then
    return null;
  end if;
  raise exception '% is append-only', tg_table_name;
end $$;
