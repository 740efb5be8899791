-- A job under way: since when, when it was last heard, how far it is. started_at_ms is null when none is.
ALTER TABLE job_result ADD COLUMN started_at_ms bigint, ADD COLUMN heard_at_ms bigint,
  ADD COLUMN progress_done int, ADD COLUMN progress_of int;
