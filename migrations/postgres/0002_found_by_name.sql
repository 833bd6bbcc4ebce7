-- The built-in catalog is open to guests, so that a policy for all users reaches them.
UPDATE catalogs SET external = TRUE, version = version + 1 WHERE built_in AND NOT external;

-- When nothing but the name was left of an account whose time to be restored was over.
ALTER TABLE users ADD COLUMN erased_at TIMESTAMPTZ;

-- The folded name of a user who is there: a search by words lists people from this table alone. NULL for whoever is deleted and for
-- everything else.
ALTER TABLE search_words ADD COLUMN sort TEXT;
UPDATE search_words SET sort = (SELECT u.name_folded FROM users u WHERE u.id = search_words.owner_id AND u.deleted_at IS NULL)
    WHERE kind = 'user';
