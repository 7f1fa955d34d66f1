-- A request about somebody's own information that was found in a complaint: one of a kind for each.
alter table rights_request add column complaint text references complaint on delete set null;
create unique index rights_request_complaint on rights_request (complaint, kind) where complaint is not null;
