-- Health is read from the attempts of the last day, however many there have been before.
create index run_attempt_recent on run_attempt (started_at);
