-- The directory, governance, the engine's work and the trail of it all. Times are UTC instants, to the microsecond.

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    user_name TEXT NOT NULL,
    user_name_folded TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('member', 'guest')),
    role TEXT NOT NULL CHECK (role IN ('user', 'user_administrator', 'global_administrator')),
    mail TEXT NOT NULL,
    job_title TEXT NOT NULL,
    department TEXT NOT NULL,
    department_folded TEXT COLLATE "C" NOT NULL,
    company TEXT NOT NULL,
    office TEXT NOT NULL,
    phone TEXT NOT NULL,
    manager_id UUID REFERENCES users (id),
    password_hash TEXT,
    must_change_password BOOLEAN NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_user_name ON users (user_name_folded) WHERE deleted_at IS NULL;
CREATE INDEX users_by_name ON users (name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_user_name ON users (user_name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_department ON users (department_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX users_deleted ON users (name_folded, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_manager ON users (manager_id) WHERE manager_id IS NOT NULL;
CREATE INDEX users_administrators ON users (role) WHERE role <> 'user' AND deleted_at IS NULL;

-- Groups, applications and sites: one kind of thing with roles.
CREATE TABLE objects (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'application', 'site')),
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    group_kind TEXT CHECK (group_kind IN ('security', 'microsoft365')),
    membership TEXT CHECK (membership IN ('assigned', 'dynamic')),
    rule TEXT,
    url TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    CHECK ((kind = 'group') = (group_kind IS NOT NULL)),
    CHECK ((kind = 'group') = (membership IS NOT NULL)),
    CHECK ((rule IS NOT NULL) = (membership IS NOT NULL AND membership = 'dynamic'))
);
CREATE UNIQUE INDEX objects_name ON objects (kind, name_folded) WHERE deleted_at IS NULL;
CREATE INDEX objects_by_name ON objects (kind, name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX objects_dynamic ON objects (membership) WHERE membership = 'dynamic' AND deleted_at IS NULL;

CREATE TABLE roles (
    id UUID PRIMARY KEY,
    object_id UUID NOT NULL REFERENCES objects (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_name ON roles (object_id, name);

-- Who holds a resource role now: by hand, by rule, or by that many grants. A row without any of the three does not exist.
-- until is the last instant at which something gives it; 9999-12-31 is without end.
CREATE TABLE memberships (
    role_id UUID NOT NULL REFERENCES roles (id),
    user_id UUID NOT NULL REFERENCES users (id),
    direct BOOLEAN NOT NULL,
    by_rule BOOLEAN NOT NULL,
    grants BIGINT NOT NULL CHECK (grants >= 0),
    since TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (role_id, user_id),
    CHECK (direct OR by_rule OR grants > 0)
);
CREATE INDEX memberships_user ON memberships (user_id);

-- The words by which things are found: folded, one row a word.
CREATE TABLE search_words (
    kind TEXT NOT NULL CHECK (kind IN ('user', 'object', 'catalog', 'package')),
    word TEXT COLLATE "C" NOT NULL,
    owner_id UUID NOT NULL,
    PRIMARY KEY (kind, word, owner_id)
);
CREATE INDEX search_words_owner ON search_words (owner_id);

CREATE TABLE catalogs (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    external BOOLEAN NOT NULL,
    built_in BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX catalogs_name ON catalogs (name_folded) WHERE deleted_at IS NULL;
CREATE INDEX catalogs_by_name ON catalogs (name_folded, id) WHERE deleted_at IS NULL;

CREATE TABLE catalog_resources (
    catalog_id UUID NOT NULL REFERENCES catalogs (id),
    object_id UUID NOT NULL REFERENCES objects (id),
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (catalog_id, object_id)
);
CREATE INDEX catalog_resources_object ON catalog_resources (object_id);

CREATE TABLE packages (
    id UUID PRIMARY KEY,
    catalog_id UUID NOT NULL REFERENCES catalogs (id),
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    hidden BOOLEAN NOT NULL,
    prior_membership TEXT NOT NULL CHECK (prior_membership IN ('keep', 'remove')),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX packages_name ON packages (catalog_id, name_folded) WHERE deleted_at IS NULL;
CREATE INDEX packages_by_name ON packages (name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX packages_by_created ON packages (created_at, id) WHERE deleted_at IS NULL;

CREATE TABLE package_roles (
    id UUID PRIMARY KEY,
    package_id UUID NOT NULL REFERENCES packages (id),
    role_id UUID NOT NULL REFERENCES roles (id),
    added_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX package_roles_role ON package_roles (package_id, role_id);
CREATE INDEX package_roles_by_role ON package_roles (role_id);

CREATE TABLE policies (
    id UUID PRIMARY KEY,
    package_id UUID NOT NULL REFERENCES packages (id),
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('specific', 'all_members', 'all_users', 'none')),
    enabled BOOLEAN NOT NULL,
    expiration TEXT NOT NULL CHECK (expiration IN ('on_date', 'days', 'hours', 'never')),
    expiration_value TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((expiration = 'never') = (expiration_value IS NULL))
);
CREATE UNIQUE INDEX policies_name ON policies (package_id, name_folded);
CREATE INDEX policies_scope ON policies (scope, package_id);

CREATE TABLE policy_subjects (
    policy_id UUID NOT NULL REFERENCES policies (id),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('user', 'group')),
    subject_id UUID NOT NULL,
    PRIMARY KEY (policy_id, subject_kind, subject_id)
);
CREATE INDEX policy_subjects_subject ON policy_subjects (subject_id);

CREATE TABLE requests (
    id UUID PRIMARY KEY,
    package_id UUID NOT NULL REFERENCES packages (id),
    policy_id UUID NOT NULL REFERENCES policies (id),
    target_id UUID NOT NULL REFERENCES users (id),
    requestor_id UUID REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('user_add', 'admin_add', 'admin_remove', 'system_remove')),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'pending_approval', 'denied', 'expired', 'canceled', 'scheduled', 'delivering', 'delivered', 'partially_delivered', 'delivery_failed')),
    justification TEXT NOT NULL,
    expiration TEXT NOT NULL CHECK (expiration IN ('on_date', 'days', 'hours', 'never')),
    expiration_value TEXT,
    assignment_id UUID,
    submitted_at TIMESTAMPTZ NOT NULL,
    completed_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX requests_open ON requests (target_id, package_id) WHERE state IN ('submitted', 'pending_approval', 'scheduled', 'delivering');
CREATE INDEX requests_by_package ON requests (package_id, submitted_at, id);
CREATE INDEX requests_by_package_state ON requests (package_id, state, submitted_at, id);
CREATE INDEX requests_by_target ON requests (target_id, submitted_at, id);
CREATE INDEX requests_by_assignment ON requests (assignment_id) WHERE assignment_id IS NOT NULL;

CREATE TABLE assignments (
    id UUID PRIMARY KEY,
    package_id UUID NOT NULL REFERENCES packages (id),
    policy_id UUID NOT NULL REFERENCES policies (id),
    target_id UUID NOT NULL REFERENCES users (id),
    request_id UUID NOT NULL REFERENCES requests (id),
    state TEXT NOT NULL CHECK (state IN ('delivering', 'delivered', 'partially_delivered', 'delivery_failed', 'expired')),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ,
    end_reason TEXT CHECK (end_reason IN ('expired', 'removed', 'user_deleted')),
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX assignments_live ON assignments (target_id, package_id) WHERE state <> 'expired';
CREATE UNIQUE INDEX assignments_request ON assignments (request_id);
CREATE INDEX assignments_by_package ON assignments (package_id, starts_at, id);
CREATE INDEX assignments_by_package_state ON assignments (package_id, state, starts_at, id);
CREATE INDEX assignments_by_target ON assignments (target_id, starts_at, id);
CREATE INDEX assignments_due ON assignments (ends_at) WHERE state <> 'expired' AND ends_at IS NOT NULL;

CREATE TABLE grants (
    assignment_id UUID NOT NULL REFERENCES assignments (id),
    role_id UUID NOT NULL REFERENCES roles (id),
    user_id UUID NOT NULL REFERENCES users (id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'granted', 'failed', 'revoked')),
    was_direct BOOLEAN NOT NULL,
    error TEXT NOT NULL,
    granted_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (assignment_id, role_id)
);
CREATE INDEX grants_live ON grants (role_id, user_id) WHERE state = 'granted';
CREATE INDEX grants_user ON grants (user_id);

-- Work that a change made necessary. key makes the same work twice impossible; the transaction that does the work holds the row.
CREATE TABLE jobs (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('deliver', 'end', 'add_role', 'remove_role')),
    key TEXT NOT NULL,
    subject_id UUID,
    run_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    failed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX jobs_key ON jobs (key);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE failed_at IS NULL;

CREATE TABLE drafts (
    id UUID PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    body JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX drafts_owner ON drafts (owner_id, updated_at);

CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID,
    actor_name TEXT NOT NULL,
    activity TEXT NOT NULL,
    targets JSONB NOT NULL,
    changes JSONB NOT NULL,
    detail TEXT NOT NULL,
    correlation_id UUID NOT NULL
);
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_correlation ON audit (correlation_id, at, id);
CREATE INDEX audit_by_actor ON audit (actor_id, at);

-- Signed-in browsers. id is the SHA-256, in hex, of the cookie's value, so that a copy of this table opens nothing.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id UUID REFERENCES users (id),
    data JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX sessions_expired ON sessions (expires_at);
