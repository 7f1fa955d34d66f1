-- A customer who refused somebody on the job stays with the leaver; once the leaver is gone the handover begins anew and its
-- transfer forgets whom it was meant for. Whom the customer refused must not be forgotten: nobody offers them again.
create table refusal (
  handover_id text not null references handover,
  successor_id text not null references member,
  at timestamptz not null,
  primary key (handover_id, successor_id)
);
