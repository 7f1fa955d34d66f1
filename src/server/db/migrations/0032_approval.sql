-- A plan that is submitted opens a round of approval: by its digest, for 48 hours, by one other person or by two (compliance
-- T-25). What was said in a round is kept, whatever becomes of the plan.
create table approval (
  id text primary key,
  plan_id text not null references plan,
  round integer not null check (round > 0),
  digest text not null,
  asked_by text not null references member,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  needed integer not null check (needed in (1, 2)),
  why text[] not null default '{}', -- of the second approver: customers, tier
  level integer not null default 0, -- how far up from the leaver's department it was asked
  escalate_at timestamptz, -- null: everybody who may decide was asked
  outcome text check (outcome in ('approved', 'rejected', 'expired', 'discarded')),
  ended_at timestamptz,
  unique (plan_id, round),
  check ((outcome is null) = (ended_at is null))
);
create unique index approval_open on approval (plan_id) where outcome is null;

create table approval_vote (
  approval_id text not null references approval,
  member_id text not null references member,
  vote text not null check (vote in ('approve', 'reject')),
  reason text,
  at timestamptz not null,
  primary key (approval_id, member_id),
  check ((vote = 'reject') = (reason is not null))
);

-- Deleted together with its plan when the time of that is over, and never changed.
create function refuse_vote_change() returns trigger language plpgsql as $$
begin
  raise exception 'a vote is never changed';
end $$;
create trigger approval_vote_kept before update or truncate on approval_vote
  for each statement execute function refuse_vote_change();

-- Four eyes, also here: neither who made or submitted the plan, nor the leaver, nor a successor in it; and only in time.
create function vote_of_another() returns trigger language plpgsql as $$
begin
  perform from approval a
    join plan p on p.id = a.plan_id
    join departure d on d.id = p.departure_id
   where a.id = new.approval_id and a.outcome is null and new.at < a.due_at
     and a.asked_by <> new.member_id and p.drafted_by <> new.member_id and d.member_id <> new.member_id
     and not exists (select 1 from plan_item i where i.plan_id = p.id and i.successor_id = new.member_id)
     and not exists (select 1 from plan_group g where g.plan_id = p.id and g.successor_id = new.member_id);
  if not found then
    raise exception 'this plan is somebody else''s to decide, or it is too late' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger approval_vote_of_another before insert on approval_vote
  for each row execute function vote_of_another();

-- A plan is approved by as many people as its round needs, who are still here, over the digest it has now.
create function approved_by_enough() returns trigger language plpgsql as $$
begin
  perform from approval a
   where a.plan_id = new.id and a.digest = new.digest and a.outcome is null
     and a.needed <= (select count(*) from approval_vote v join member m on m.id = v.member_id
                       where v.approval_id = a.id and v.vote = 'approve' and m.status = 'active' and m.blocked_at is null);
  if not found then
    raise exception 'not enough people have approved this plan as it is' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger plan_approved_by_enough before update of state on plan
  for each row when (new.state = 'approved' and old.state is distinct from 'approved')
  execute function approved_by_enough();

-- What an approver was sent in WeCom, and what it shows there now. The codes that change it are good for one use within 72
-- hours (facts 8.2) and are kept sealed.
create table plan_card (
  id text primary key, -- also WeCom's task_id
  approval_id text not null references approval,
  member_id text not null references member,
  level integer not null,
  written_at timestamptz not null,
  sent_at timestamptz,
  errcode integer,
  sealed_code text, -- of the answer to message/send
  pressed_at timestamptz,
  press text, -- SHA-256 of the last press' code: WeCom may tell it twice
  sealed_press text, -- of the last press
  passed_at timestamptz, -- "somebody else, please"
  face text not null default 'open',
  tries integer not null default 0,
  next_try_at timestamptz,
  unique (approval_id, member_id)
);
create index plan_card_unsent on plan_card (written_at) where sent_at is null and errcode is null;
create index plan_card_open on plan_card (approval_id) where face in ('open', 'passed');

-- A plan may be drafted by the system; nobody submits it but a person, and then it is that person's.
alter table plan alter column drafted_by drop not null;
alter table plan add column automatic boolean not null default false;
alter table plan drop constraint plan_state_check;
alter table plan add constraint plan_state_check
  check (state in ('draft', 'pending', 'approved', 'rejected', 'expired', 'discarded'));
alter table plan add constraint plan_of_a_person
  check (drafted_by is not null or (automatic and state in ('draft', 'discarded')));
drop index plan_living;
create unique index plan_living on plan (departure_id) where state in ('draft', 'pending', 'rejected', 'expired');

-- Plans that wait for a decision now begin their first round now, with the whole time.
insert into approval (id, plan_id, round, digest, asked_by, asked_at, due_at, needed)
select 'r1-' || id, id, 1, digest, drafted_by, coalesce(submitted_at, now()), now() + interval '48 hours', 1
  from plan where state = 'pending';
