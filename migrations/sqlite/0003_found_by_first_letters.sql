-- The first letters of the words of whatever is listed by name, in the order of those names: a short search reads a page of it and sorts
-- nothing, however many are found.
CREATE TABLE search_starts (
    kind TEXT NOT NULL CHECK (kind IN ('user', 'object', 'catalog', 'package')),
    start TEXT NOT NULL,
    sort TEXT NOT NULL,
    owner_id BLOB NOT NULL,
    PRIMARY KEY (kind, start, sort, owner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_starts_owner ON search_starts (owner_id);
INSERT INTO search_starts (kind, start, sort, owner_id)
    SELECT DISTINCT w.kind, substr(w.word, 1, n.n), w.sort, w.owner_id
    FROM search_words w JOIN (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) n ON n.n <= length(w.word)
    WHERE w.sort IS NOT NULL;
