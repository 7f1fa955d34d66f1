-- Who got whom and why, as the run said it (compliance 7.4): written once with the plan and never changed. What a person does to
-- it afterwards is a row of its own. A row goes only with its customer, or with the departure.
create table plan_run (
  plan_id text primary key references plan,
  rules text not null, -- version
  inputs_at timestamptz not null,
  total double precision not null
);

create table plan_reason (
  plan_id text not null references plan,
  handover_id text not null references handover,
  chosen text references member, -- null: nobody may take them, and `why` counts what stands against how many
  why jsonb not null,
  primary key (plan_id, handover_id)
);
create index plan_reason_handover on plan_reason (handover_id);

-- What a run says of one colleague: how many they could have taken, what took the others away, how many they got.
create table plan_tally (
  plan_id text not null references plan,
  member_id text not null references member,
  tally jsonb not null,
  primary key (plan_id, member_id)
);
create index plan_tally_member on plan_tally (member_id);

create table plan_override (
  id text primary key,
  plan_id text not null references plan,
  handover_id text not null references handover,
  at timestamptz not null,
  by_id text not null references member,
  from_id text references member, -- null: was not in the plan
  to_id text references member,   -- null: taken out
  reason text not null check (btrim(reason) <> '')
);
create index plan_override_plan on plan_override (plan_id, handover_id);
create index plan_override_handover on plan_override (handover_id);

-- Not `refuse_change`: they go with their customer (retention), and until then they stay as they are.
create function refuse_rewrite() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger plan_run_frozen before update or truncate on plan_run
  for each statement execute function refuse_rewrite();
create trigger plan_reason_frozen before update or truncate on plan_reason
  for each statement execute function refuse_rewrite();
create trigger plan_tally_frozen before update or truncate on plan_tally
  for each statement execute function refuse_rewrite();
create trigger plan_override_frozen before update or truncate on plan_override
  for each statement execute function refuse_rewrite();
