-- The directory, governance, the engine's work and the trail of it all. Enumerated words carry no CHECK; reading one guards it. Times are RFC 3339 text, ids 16 bytes, flags 0 or 1.

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- mail_domain is what a guest's connected organization is found by. A governed guest is ended once no access is left: left_at is when they
-- were blocked for that.
CREATE TABLE users (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    user_name TEXT NOT NULL,
    user_name_folded TEXT NOT NULL,
    kind TEXT NOT NULL,
    mail TEXT NOT NULL,
    mail_domain TEXT NOT NULL GENERATED ALWAYS AS (CASE WHEN instr(mail, '@') > 0 THEN lower(substr(mail, instr(mail, '@') + 1)) ELSE '' END) STORED,
    job_title TEXT NOT NULL,
    job_title_folded TEXT NOT NULL DEFAULT '',
    department TEXT NOT NULL,
    department_folded TEXT NOT NULL,
    company TEXT NOT NULL,
    office TEXT NOT NULL,
    phone TEXT NOT NULL,
    manager_id BLOB REFERENCES users (id),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    governed INTEGER NOT NULL DEFAULT 0 CHECK (governed IN (0, 1)),
    left_at TEXT,
    created_at TEXT NOT NULL,
    deleted_at TEXT,
    erased_at TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_user_name ON users (user_name_folded) WHERE deleted_at IS NULL;
CREATE INDEX users_governed ON users (id) WHERE governed AND kind = 'guest' AND deleted_at IS NULL;
CREATE INDEX users_guests_by_domain ON users (mail_domain, id) WHERE kind = 'guest' AND deleted_at IS NULL;
CREATE INDEX users_by_name ON users (name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_user_name ON users (user_name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_department ON users (department_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_department_name ON users (department_folded, name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_job_title ON users (job_title_folded, name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_mail ON users (mail, id) WHERE deleted_at IS NULL AND mail <> '';
CREATE INDEX users_deleted ON users (name_folded, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_manager ON users (manager_id) WHERE manager_id IS NOT NULL;

-- Properties of users that an administrator defines, and what they are for each user who has one.
CREATE TABLE custom_attributes (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    label_folded TEXT NOT NULL,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX custom_attributes_name ON custom_attributes (name);
CREATE UNIQUE INDEX custom_attributes_label ON custom_attributes (label_folded);
CREATE TABLE custom_attribute_values (
    user_id BLOB NOT NULL REFERENCES users (id),
    attribute_id BLOB NOT NULL REFERENCES custom_attributes (id),
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX custom_attribute_values_attribute ON custom_attribute_values (attribute_id);

-- Links by which people choose their first password. What a link says is signed when its mail is made, and kept nowhere.
CREATE TABLE sign_in_links (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
) STRICT;
CREATE INDEX sign_in_links_user ON sign_in_links (user_id);

-- Groups, applications and sites: one kind of thing with roles.
CREATE TABLE objects (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    group_kind TEXT,
    membership TEXT,
    rule TEXT,
    url TEXT,
    created_at TEXT NOT NULL,
    deleted_at TEXT,
    version INTEGER NOT NULL,
    CHECK ((kind = 'group') = (group_kind IS NOT NULL)),
    CHECK ((kind = 'group') = (membership IS NOT NULL)),
    CHECK ((rule IS NOT NULL) = (membership IS NOT NULL AND membership = 'dynamic'))
) STRICT;
CREATE UNIQUE INDEX objects_name ON objects (kind, name_folded) WHERE deleted_at IS NULL;
CREATE INDEX objects_by_name ON objects (kind, name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX objects_dynamic ON objects (membership) WHERE membership = 'dynamic' AND deleted_at IS NULL;

CREATE TABLE roles (
    id BLOB PRIMARY KEY,
    object_id BLOB NOT NULL REFERENCES objects (id),
    name TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX roles_name ON roles (object_id, name);

-- Who holds a resource role now: by hand, by rule, or by that many grants. A row without any of the three does not exist.
-- until is the last instant at which something gives it; 9999-12-31 is without end.
CREATE TABLE memberships (
    role_id BLOB NOT NULL REFERENCES roles (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    direct INTEGER NOT NULL CHECK (direct IN (0, 1)),
    by_rule INTEGER NOT NULL CHECK (by_rule IN (0, 1)),
    grants INTEGER NOT NULL CHECK (grants >= 0),
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (role_id, user_id),
    CHECK (direct = 1 OR by_rule = 1 OR grants > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_user ON memberships (user_id);

-- The words by which things are found: folded, one row a word. sort is the folded name of a user who is there: a search by words lists
-- people from this table alone. NULL for whoever is deleted and for everything else.
CREATE TABLE search_words (
    kind TEXT NOT NULL,
    word TEXT NOT NULL,
    owner_id BLOB NOT NULL,
    sort TEXT,
    PRIMARY KEY (kind, word, owner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_words_owner ON search_words (owner_id);

-- The first letters of the words of whatever is listed by name, in the order of those names: a short search reads a page of it and sorts
-- nothing, however many are found.
CREATE TABLE search_starts (
    kind TEXT NOT NULL,
    start TEXT NOT NULL,
    sort TEXT NOT NULL,
    owner_id BLOB NOT NULL,
    PRIMARY KEY (kind, start, sort, owner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_starts_owner ON search_starts (owner_id);

CREATE TABLE catalogs (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    external INTEGER NOT NULL CHECK (external IN (0, 1)),
    built_in INTEGER NOT NULL CHECK (built_in IN (0, 1)),
    created_at TEXT NOT NULL,
    deleted_at TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX catalogs_name ON catalogs (name_folded) WHERE deleted_at IS NULL;
CREATE INDEX catalogs_by_name ON catalogs (name_folded, id) WHERE deleted_at IS NULL;

-- Roles that give rights, held by a user or by the members of a group, in one catalog or, without one, in the whole tenant.
CREATE TABLE role_assignments (
    id BLOB PRIMARY KEY,
    role TEXT NOT NULL,
    catalog_id BLOB REFERENCES catalogs (id),
    user_id BLOB REFERENCES users (id),
    group_id BLOB REFERENCES objects (id),
    created_at TEXT NOT NULL,
    created_by BLOB,
    CHECK ((user_id IS NULL) <> (group_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX role_assignments_user ON role_assignments (user_id, role) WHERE catalog_id IS NULL;
CREATE UNIQUE INDEX role_assignments_group ON role_assignments (group_id, role) WHERE catalog_id IS NULL;
CREATE UNIQUE INDEX role_assignments_user_catalog ON role_assignments (user_id, role, catalog_id) WHERE catalog_id IS NOT NULL;
CREATE UNIQUE INDEX role_assignments_group_catalog ON role_assignments (group_id, role, catalog_id) WHERE catalog_id IS NOT NULL;
CREATE INDEX role_assignments_by_user ON role_assignments (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX role_assignments_by_group ON role_assignments (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX role_assignments_by_catalog ON role_assignments (catalog_id, role);
CREATE INDEX role_assignments_by_created ON role_assignments (created_at, id);

-- How a user shows who they are: a password here, or a subject at a provider elsewhere.
CREATE TABLE credentials (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    password_hash TEXT NOT NULL,
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    changed_at TEXT NOT NULL
) STRICT;

CREATE TABLE external_identities (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    PRIMARY KEY (provider, subject)
) STRICT;
CREATE INDEX external_identities_user ON external_identities (user_id);

-- id is made of the two others, so that whoever knows it by its id through the API finds it again when it was taken out and put in anew.
CREATE TABLE catalog_resources (
    id BLOB NOT NULL,
    catalog_id BLOB NOT NULL REFERENCES catalogs (id),
    object_id BLOB NOT NULL REFERENCES objects (id),
    added_at TEXT NOT NULL,
    PRIMARY KEY (catalog_id, object_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX catalog_resources_id ON catalog_resources (id);
CREATE INDEX catalog_resources_object ON catalog_resources (object_id);

-- What a resource of a catalog asks of its requestors.
CREATE TABLE resource_attributes (
    catalog_id BLOB NOT NULL REFERENCES catalogs (id),
    object_id BLOB NOT NULL REFERENCES objects (id),
    body TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (catalog_id, object_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE packages (
    id BLOB PRIMARY KEY,
    catalog_id BLOB NOT NULL REFERENCES catalogs (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
    prior_membership TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX packages_name ON packages (catalog_id, name_folded) WHERE deleted_at IS NULL;
CREATE INDEX packages_by_name ON packages (name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX packages_by_created ON packages (created_at, id) WHERE deleted_at IS NULL;

-- A package whose assignments are all being ended, after which it is deleted: who asked for that, whether the people concerned are told, and
-- how many assignments there were.
CREATE TABLE package_endings (
    package_id BLOB PRIMARY KEY REFERENCES packages (id),
    started_at TEXT NOT NULL,
    started_by BLOB REFERENCES users (id),
    started_by_name TEXT NOT NULL,
    told INTEGER NOT NULL CHECK (told IN (0, 1)),
    assignments INTEGER NOT NULL
) STRICT;

CREATE TABLE package_roles (
    id BLOB PRIMARY KEY,
    package_id BLOB NOT NULL REFERENCES packages (id),
    role_id BLOB NOT NULL REFERENCES roles (id),
    added_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX package_roles_role ON package_roles (package_id, role_id);
CREATE INDEX package_roles_by_role ON package_roles (role_id);

-- Separation of duties: whoever has what a row names cannot get its package. It names either a package or a group.
CREATE TABLE incompatibilities (
    id BLOB PRIMARY KEY,
    package_id BLOB NOT NULL REFERENCES packages (id),
    incompatible_package_id BLOB REFERENCES packages (id),
    incompatible_group_id BLOB REFERENCES objects (id),
    added_at TEXT NOT NULL,
    added_by BLOB REFERENCES users (id),
    CHECK ((incompatible_package_id IS NULL) <> (incompatible_group_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX incompatibilities_package ON incompatibilities (package_id, incompatible_package_id) WHERE incompatible_package_id IS NOT NULL;
CREATE UNIQUE INDEX incompatibilities_group ON incompatibilities (package_id, incompatible_group_id) WHERE incompatible_group_id IS NOT NULL;
CREATE INDEX incompatibilities_by_package ON incompatibilities (package_id, added_at, id);
CREATE INDEX incompatibilities_with_package ON incompatibilities (incompatible_package_id, added_at, id) WHERE incompatible_package_id IS NOT NULL;
CREATE INDEX incompatibilities_with_group ON incompatibilities (incompatible_group_id) WHERE incompatible_group_id IS NOT NULL;

-- One person may have a package in spite of a row above until ends_at, or until it was ended before (ended_at). package_id is the row's.
CREATE TABLE incompatibility_exceptions (
    id BLOB PRIMARY KEY,
    incompatibility_id BLOB NOT NULL REFERENCES incompatibilities (id),
    package_id BLOB NOT NULL REFERENCES packages (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    reason TEXT NOT NULL,
    granted_at TEXT NOT NULL,
    granted_by BLOB REFERENCES users (id),
    ends_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX incompatibility_exceptions_live ON incompatibility_exceptions (incompatibility_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX incompatibility_exceptions_by_package ON incompatibility_exceptions (package_id, granted_at, id);
CREATE INDEX incompatibility_exceptions_by_user ON incompatibility_exceptions (user_id);

-- What a policy is called and how it stands now; its terms in full are in policy_versions. position tells apart policies of one priority.
-- version_id is the version in force (a row of policy_versions, which refers back here). A deleted one stays for what was made under it; its
-- scope is none and it names nobody.
CREATE TABLE policies (
    id BLOB PRIMARY KEY,
    package_id BLOB NOT NULL REFERENCES packages (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    position INTEGER NOT NULL,
    scope TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    expiration TEXT NOT NULL,
    expiration_value TEXT,
    version_id BLOB NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX policies_name ON policies (package_id, name_folded) WHERE deleted_at IS NULL;
CREATE INDEX policies_scope ON policies (scope, package_id);
CREATE INDEX policies_by_created ON policies (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX policies_by_name ON policies (name_folded, id) WHERE deleted_at IS NULL;

-- Every version of a policy's terms, whole. Never changed: requests and assignments name the one under which they were made.
CREATE TABLE policy_versions (
    id BLOB PRIMARY KEY,
    policy_id BLOB NOT NULL REFERENCES policies (id),
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB REFERENCES users (id)
) STRICT;
CREATE UNIQUE INDEX policy_versions_number ON policy_versions (policy_id, number);

-- Whom the version in force names, and what for; stage counts from 1 for what belongs to an approval stage, and is 0 otherwise. Only what
-- names something is here: "the requestor's manager" is in the version's body alone.
CREATE TABLE policy_subjects (
    policy_id BLOB NOT NULL REFERENCES policies (id),
    purpose TEXT NOT NULL,
    stage INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    PRIMARY KEY (policy_id, purpose, stage, subject_kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_subjects_subject ON policy_subjects (subject_id, purpose);

-- status says in words why the request stands where it does; answers are kept with the questions as they were asked. starts_at and ends_at
-- are what was asked for, expiration what the policy said. stage and due_at belong to a decision that is waited for. removed_at is when an
-- administrator took it out of the lists of requests.
CREATE TABLE requests (
    id BLOB PRIMARY KEY,
    package_id BLOB NOT NULL REFERENCES packages (id),
    policy_id BLOB NOT NULL REFERENCES policies (id),
    policy_version_id BLOB NOT NULL REFERENCES policy_versions (id),
    target_id BLOB NOT NULL REFERENCES users (id),
    requestor_id BLOB REFERENCES users (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    status TEXT NOT NULL,
    justification TEXT NOT NULL,
    answers TEXT NOT NULL,
    starts_at TEXT,
    ends_at TEXT,
    expiration TEXT NOT NULL,
    expiration_value TEXT,
    assignment_id BLOB,
    stage INTEGER,
    due_at TEXT,
    submitted_at TEXT NOT NULL,
    completed_at TEXT,
    removed_at TEXT,
    version INTEGER NOT NULL
) STRICT;
-- One open request that gives or changes access, and beside it one that ends it: a removal never waits for an extension.
CREATE UNIQUE INDEX requests_open_gain ON requests (target_id, package_id)
    WHERE state IN ('submitted', 'pending_approval', 'scheduled', 'delivering') AND kind NOT IN ('user_remove', 'admin_remove', 'system_remove');
CREATE UNIQUE INDEX requests_open_end ON requests (target_id, package_id)
    WHERE state IN ('submitted', 'pending_approval', 'scheduled', 'delivering') AND kind IN ('user_remove', 'admin_remove', 'system_remove');
CREATE INDEX requests_by_package ON requests (package_id, submitted_at, id);
CREATE INDEX requests_by_package_state ON requests (package_id, state, submitted_at, id);
-- For reports over the whole tenant.
CREATE INDEX requests_by_time ON requests (submitted_at, id);
CREATE INDEX requests_waiting ON requests (submitted_at, id) WHERE state = 'pending_approval';
CREATE INDEX requests_failed ON requests (submitted_at, id) WHERE state IN ('delivery_failed', 'partially_delivered');
CREATE INDEX requests_by_target ON requests (target_id, submitted_at, id);
CREATE INDEX requests_by_requestor ON requests (requestor_id, submitted_at, id);
CREATE INDEX requests_by_assignment ON requests (assignment_id) WHERE assignment_id IS NOT NULL;
CREATE INDEX requests_due ON requests (due_at) WHERE due_at IS NOT NULL;

-- state follows from the grants and from closed_at, the time at which all was taken back; one function writes it.
CREATE TABLE assignments (
    id BLOB PRIMARY KEY,
    package_id BLOB NOT NULL REFERENCES packages (id),
    policy_id BLOB NOT NULL REFERENCES policies (id),
    policy_version_id BLOB NOT NULL REFERENCES policy_versions (id),
    target_id BLOB NOT NULL REFERENCES users (id),
    request_id BLOB NOT NULL REFERENCES requests (id),
    state TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    end_reason TEXT,
    closed_at TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX assignments_live ON assignments (target_id, package_id) WHERE state <> 'expired';
CREATE UNIQUE INDEX assignments_request ON assignments (request_id);
CREATE INDEX assignments_by_package ON assignments (package_id, starts_at, id);
CREATE INDEX assignments_by_package_state ON assignments (package_id, state, starts_at, id);
CREATE INDEX assignments_active ON assignments (package_id, starts_at, ends_at, state) WHERE state <> 'expired';
CREATE INDEX assignments_by_start ON assignments (starts_at, id);
CREATE INDEX assignments_by_end ON assignments (ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX assignments_by_target ON assignments (target_id, starts_at, id);
CREATE INDEX assignments_due ON assignments (ends_at) WHERE state <> 'expired' AND ends_at IS NOT NULL;

CREATE TABLE grants (
    assignment_id BLOB NOT NULL REFERENCES assignments (id),
    role_id BLOB NOT NULL REFERENCES roles (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    state TEXT NOT NULL,
    was_direct INTEGER NOT NULL CHECK (was_direct IN (0, 1)),
    error TEXT NOT NULL,
    granted_at TEXT,
    revoked_at TEXT,
    PRIMARY KEY (assignment_id, role_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_live ON grants (role_id, user_id) WHERE state = 'granted';
CREATE INDEX grants_user ON grants (user_id);

-- Approval: every stage that a request has reached, and who is or was asked in it. needed is how many must say yes; the times are those at
-- which the stage reminds half way (reminded_at), forwards (forward_at) and is over (due_at). nudged_at is when its requestor last reminded.
CREATE TABLE request_stages (
    request_id BLOB NOT NULL REFERENCES requests (id),
    stage INTEGER NOT NULL,
    state TEXT NOT NULL,
    needed INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    forward_at TEXT,
    forwarded_at TEXT,
    reminded_at TEXT,
    nudged_at TEXT,
    decided_at TEXT,
    PRIMARY KEY (request_id, stage)
) STRICT, WITHOUT ROWID;

-- Who decides in whose place, of one package or of all. ends_at is moved to the present when it is ended early.
CREATE TABLE delegations (
    id BLOB PRIMARY KEY,
    delegator_id BLOB NOT NULL REFERENCES users (id),
    delegate_id BLOB NOT NULL REFERENCES users (id),
    package_id BLOB REFERENCES packages (id),
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    waiting INTEGER NOT NULL CHECK (waiting IN (0, 1)),
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX delegations_by_delegator ON delegations (delegator_id, starts_at, id);
CREATE INDEX delegations_by_delegate ON delegations (delegate_id, starts_at, id);

-- A delegate decides in the place of via_id. Nobody is asked twice in a stage, so nobody has two votes.
CREATE TABLE approvers (
    request_id BLOB NOT NULL REFERENCES requests (id),
    stage INTEGER NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    via_id BLOB REFERENCES users (id),
    delegation_id BLOB REFERENCES delegations (id),
    state TEXT NOT NULL,
    due_at TEXT NOT NULL,
    decision TEXT,
    reason TEXT NOT NULL,
    decided_at TEXT,
    settled_at TEXT,
    PRIMARY KEY (request_id, stage, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX approvers_pending ON approvers (user_id, due_at, request_id) WHERE state = 'open';
CREATE INDEX approvers_history ON approvers (user_id, settled_at, request_id) WHERE settled_at IS NOT NULL;

-- Who vouches for a user, mostly a guest.
CREATE TABLE user_sponsors (
    user_id BLOB NOT NULL REFERENCES users (id),
    sponsor_id BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (user_id, sponsor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_sponsors_sponsor ON user_sponsors (sponsor_id);

-- Work inside the database that a change made necessary. key makes the same work twice impossible; the transaction that does the work holds
-- the row. failed_at is when it was given up.
CREATE TABLE jobs (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    subject_id BLOB,
    run_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    failed_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_key ON jobs (key);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE failed_at IS NULL;
CREATE INDEX jobs_due_deliveries ON jobs (run_at, id) WHERE failed_at IS NULL AND kind = 'deliver';
CREATE INDEX jobs_given_up ON jobs (failed_at, id) WHERE failed_at IS NOT NULL;

-- Messages to the outside, written in the transaction that made them necessary; about says what kind of news a mail brings. Who sends one holds it by a lease: a sender that dies lets
-- go of it when the lease is over.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    recipient_id BLOB REFERENCES users (id),
    about TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    run_at TEXT NOT NULL,
    lease_owner BLOB,
    lease_until TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    settled_at TEXT
) STRICT;
CREATE UNIQUE INDEX outbox_key ON outbox (key);
CREATE INDEX outbox_due ON outbox (run_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_by_state ON outbox (state, created_at, id);
CREATE INDEX outbox_by_time ON outbox (created_at, id);

-- Addresses that a mail server has refused for good. No mail goes there until an administrator takes the row away. address is folded.
CREATE TABLE suppressed_addresses (
    id BLOB PRIMARY KEY,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX suppressed_addresses_address ON suppressed_addresses (address);
CREATE INDEX suppressed_addresses_by_time ON suppressed_addresses (created_at, id);

-- What a person was told: one row for a person and an event. event names it, the same whenever the work that tells of it is done again.
CREATE TABLE notifications (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    event TEXT NOT NULL,
    package_id BLOB REFERENCES packages (id),
    request_id BLOB REFERENCES requests (id),
    assignment_id BLOB REFERENCES assignments (id),
    facts TEXT NOT NULL,
    created_at TEXT NOT NULL,
    read_at TEXT
) STRICT;
CREATE UNIQUE INDEX notifications_event ON notifications (user_id, event);
CREATE INDEX notifications_by_user ON notifications (user_id, created_at, id);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
CREATE INDEX notifications_by_request ON notifications (request_id) WHERE request_id IS NOT NULL;

-- What is done again and again. Whichever copy holds the lease does it; next_run_at moves on when it is done.
CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    next_run_at TEXT NOT NULL,
    lease_owner BLOB,
    lease_until TEXT
) STRICT;

CREATE TABLE drafts (
    id BLOB PRIMARY KEY,
    owner_id BLOB NOT NULL REFERENCES users (id),
    body TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX drafts_owner ON drafts (owner_id, updated_at);

-- Files of users, groups, memberships or assignments that were read to be imported. columns are those of the file, in its order. note says
-- why a file was refused or an import stopped.
CREATE TABLE imports (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    file_name TEXT NOT NULL,
    columns TEXT NOT NULL,
    note TEXT NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    address TEXT NOT NULL,
    send_links INTEGER NOT NULL CHECK (send_links IN (0, 1)),
    created_at TEXT NOT NULL,
    finished_at TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX imports_by_owner ON imports (owner_id, created_at, id);

-- Their rows. line is the number of the row in the file with zeros before it; key tells what the row is about, so that the same thing twice
-- in a file is found; cells are as they were read. step says what comes next for the row, outcome what became or will become of it.
CREATE TABLE import_rows (
    id BLOB PRIMARY KEY,
    import_id BLOB NOT NULL REFERENCES imports (id),
    line TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    cells TEXT NOT NULL,
    step TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX import_rows_line ON import_rows (import_id, line, id);
CREATE INDEX import_rows_key ON import_rows (import_id, key);
CREATE INDEX import_rows_step ON import_rows (import_id, step, line);
CREATE INDEX import_rows_outcome ON import_rows (import_id, outcome, line, id);

-- The trail. Every column is text, or an id with one spelling, so that a row can be hashed byte for byte; seq and hash come when it is
-- sealed, in the order of commits. catalog_id, which the hash leaves out, comes with them: whose readers may see the row. Ids rise with time.
CREATE TABLE audit (
    id BLOB PRIMARY KEY,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    address TEXT NOT NULL,
    client_id BLOB,
    client_name TEXT,
    activity TEXT NOT NULL,
    result TEXT NOT NULL,
    changes TEXT NOT NULL,
    detail TEXT NOT NULL,
    correlation_id BLOB NOT NULL,
    seq INTEGER,
    hash TEXT,
    catalog_id BLOB
) STRICT;
CREATE INDEX audit_by_correlation ON audit (correlation_id, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);
CREATE INDEX audit_by_activity ON audit (activity, id);
CREATE INDEX audit_failures ON audit (id) WHERE result = 'failure';
CREATE INDEX audit_by_catalog ON audit (catalog_id, id) WHERE catalog_id IS NOT NULL;
CREATE INDEX audit_by_catalog_activity ON audit (catalog_id, activity, id) WHERE catalog_id IS NOT NULL;
CREATE INDEX audit_failures_by_catalog ON audit (catalog_id, id) WHERE result = 'failure' AND catalog_id IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (at, id) WHERE seq IS NULL;
CREATE UNIQUE INDEX audit_seq ON audit (seq);

CREATE TABLE audit_targets (
    audit_id BLOB NOT NULL REFERENCES audit (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    target_id BLOB NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (audit_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_targets_target ON audit_targets (target_id, audit_id);

-- How often someone was refused at an address within an hour. The trail has the first of them at once and the number of the others when
-- the hour is over, so that nobody makes it grow at will.
CREATE TABLE refusals (
    actor_id BLOB NOT NULL,
    hour TEXT NOT NULL,
    address TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (actor_id, hour, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX refusals_by_hour ON refusals (hour);

-- Where the chain of sealed rows ends.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

-- Signed-in browsers. id is the SHA-256, in hex, of the cookie's value, so that a copy of this table opens nothing.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id BLOB REFERENCES users (id),
    data TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX sessions_expired ON sessions (expires_at);

-- Browsers that someone has signed in with before. key is the SHA-256, in hex, of a cookie's value.
CREATE TABLE known_browsers (
    key TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    used_at TEXT NOT NULL,
    PRIMARY KEY (key, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_browsers_user ON known_browsers (user_id, used_at);

-- Programs that call the API. The id is the application id that they show.
CREATE TABLE clients (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    public_client INTEGER NOT NULL CHECK (public_client IN (0, 1)),
    created_at TEXT NOT NULL,
    created_by BLOB,
    last_used_at TEXT,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX clients_name ON clients (name_folded);
CREATE INDEX clients_by_name ON clients (name_folded, id);

-- Where a client may send people back to. origin is that of a page there, without the port on a person's own computer.
CREATE TABLE client_redirects (
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    uri TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (client_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_redirects_origin ON client_redirects (origin);

-- What a client may do at the most, by itself or in the name of a person.
CREATE TABLE client_permissions (
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    permission TEXT NOT NULL,
    given_at TEXT NOT NULL,
    PRIMARY KEY (client_id, kind, permission)
) STRICT, WITHOUT ROWID;

-- hash is the SHA-256, in hex, of a secret that is shown once; hint its last characters.
CREATE TABLE client_secrets (
    id BLOB PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    last_used_at TEXT
) STRICT;
CREATE INDEX client_secrets_client ON client_secrets (client_id, created_at, id);

-- Public keys with which clients sign who they are. key is DER (SubjectPublicKeyInfo) in base64, thumbprint its SHA-256 in hex;
-- of one that came in a certificate, thumbprint and sha1 are of the whole certificate, and it serves while that holds.
CREATE TABLE client_keys (
    id BLOB PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    thumbprint TEXT NOT NULL,
    sha1 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    starts_at TEXT,
    expires_at TEXT,
    last_used_at TEXT
) STRICT;
CREATE UNIQUE INDEX client_keys_thumbprint ON client_keys (client_id, thumbprint);

-- Assertions that clients have signed in with: each serves once. hash is the SHA-256, in hex, of its id.
CREATE TABLE used_assertions (
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (client_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_assertions_expired ON used_assertions (expires_at);

-- What a person has let a client do in their name; scopes are words parted by blanks.
CREATE TABLE client_consents (
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id),
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT,
    PRIMARY KEY (client_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_consents_user ON client_consents (user_id);

-- One sign-in of a person through a client: all of its tokens end with it.
CREATE TABLE client_sign_ins (
    id BLOB PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id),
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX client_sign_ins_client ON client_sign_ins (client_id, user_id);
CREATE INDEX client_sign_ins_user ON client_sign_ins (user_id);
CREATE INDEX client_sign_ins_expired ON client_sign_ins (expires_at);

-- hash is the SHA-256, in hex, of what the client holds. One that has been used is kept, so that its second use is noticed.
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY,
    sign_in_id BLOB NOT NULL REFERENCES client_sign_ins (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL,
    used_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_sign_in ON refresh_tokens (sign_in_id);
CREATE INDEX refresh_tokens_expired ON refresh_tokens (expires_at);

-- Codes with which a client fetches the tokens of a sign-in that it asked for. sign_in_id stands once one was used.
CREATE TABLE authorization_codes (
    hash TEXT PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id),
    scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    nonce TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    sign_in_id BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_codes_expired ON authorization_codes (expires_at);
CREATE INDEX authorization_codes_user ON authorization_codes (user_id);

-- Devices that wait for somebody to sign in elsewhere. Both hashes are SHA-256 in hex.
CREATE TABLE device_codes (
    hash TEXT PRIMARY KEY,
    user_code_hash TEXT NOT NULL,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    polled_at TEXT,
    state TEXT NOT NULL,
    user_id BLOB REFERENCES users (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX device_codes_user_code ON device_codes (user_code_hash);
CREATE INDEX device_codes_expired ON device_codes (expires_at);
CREATE INDEX device_codes_user ON device_codes (user_id) WHERE user_id IS NOT NULL;

-- Keys that tokens are signed with: the newest signs, the others are kept while tokens of theirs hold. private_key is PKCS #8 in base64.
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    private_key TEXT NOT NULL,
    public_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    signs_until TEXT NOT NULL,
    ends_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Other organizations whose people may be let in. A person from outside belongs to one by the domain of their address (users.mail_domain).
CREATE TABLE connected_organizations (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX connected_organizations_name ON connected_organizations (name_folded);
CREATE INDEX connected_organizations_by_name ON connected_organizations (name_folded, id);
CREATE INDEX connected_organizations_by_state ON connected_organizations (state, name_folded, id);

-- The domains of an organization, as they are compared; a domain is of one organization.
CREATE TABLE organization_domains (
    domain TEXT PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES connected_organizations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_domains_organization ON organization_domains (organization_id, position);

-- Users and groups that vouch for an organization, on one's own side or on its.
CREATE TABLE organization_sponsors (
    organization_id BLOB NOT NULL REFERENCES connected_organizations (id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    PRIMARY KEY (organization_id, side, subject_kind, subject_id)
) STRICT, WITHOUT ROWID;
