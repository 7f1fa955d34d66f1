-- Who ended a restriction, when and why: as much a part of the request as the answer to it.
alter table rights_request add column lifted_by text references member;
alter table rights_request add column lifted_at timestamptz;
alter table rights_request add column lifted_reason text;
