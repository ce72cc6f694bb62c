CREATE TABLE `mail_states` (
	`id` integer PRIMARY KEY NOT NULL,
	`urgent_until` integer DEFAULT 0 NOT NULL,
	`digest_on` text DEFAULT '' NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`tried_at` integer DEFAULT 0 NOT NULL,
	`trouble` text
);
