-- Times are microseconds since 1970-01-01T00:00:00Z, but for those that stand in a document.
CREATE TABLE model (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    present INTEGER NOT NULL CHECK (present IN (0, 1)),
    revision INTEGER NOT NULL,
    endpoint_revision INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_hash TEXT NOT NULL,
    PRIMARY KEY (project, name)
) WITHOUT ROWID;

CREATE TABLE endpoint (
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, model, revision),
    FOREIGN KEY (project, model) REFERENCES model (project, name)
) WITHOUT ROWID;

-- Every number that a version ever had; rows stay when the version goes, so that no number comes twice.
CREATE TABLE version_number (
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    digest TEXT NOT NULL,
    PRIMARY KEY (project, model, number),
    FOREIGN KEY (project, model) REFERENCES model (project, name)
) WITHOUT ROWID;

CREATE TABLE version (
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    manifest TEXT NOT NULL,
    size INTEGER NOT NULL,
    created TEXT NOT NULL,
    settings_revision INTEGER NOT NULL,
    served INTEGER NOT NULL CHECK (served IN (0, 1)),
    PRIMARY KEY (project, model, number),
    FOREIGN KEY (project, model, number) REFERENCES version_number (project, model, number)
);

CREATE INDEX version_digest ON version (project, model, digest);

CREATE TABLE version_file (
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    blob TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (project, model, version, position),
    UNIQUE (project, model, version, path),
    FOREIGN KEY (project, model, version) REFERENCES version (project, model, number) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE settings (
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, model, version, revision),
    FOREIGN KEY (project, model, version) REFERENCES version (project, model, number) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE alias (
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    alias TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (project, model, alias),
    FOREIGN KEY (project, model, version) REFERENCES version (project, model, number)
) WITHOUT ROWID;

CREATE TABLE history (
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    seq INTEGER NOT NULL,
    time INTEGER NOT NULL,
    format INTEGER NOT NULL,
    canonical TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (project, model, seq),
    FOREIGN KEY (project, model) REFERENCES model (project, name)
);

CREATE INDEX history_time ON history (project, model, time, seq);

CREATE TRIGGER history_is_not_altered BEFORE UPDATE ON history
BEGIN
    SELECT RAISE(ABORT, 'history is append-only');
END;

CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history
BEGIN
    SELECT RAISE(ABORT, 'history is append-only');
END;
