CREATE TABLE `administrator_invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`code_hash` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`rights` text NOT NULL,
	`way` text NOT NULL,
	`token_days` integer NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`invited_by` text,
	`expires_at` integer NOT NULL,
	`accepted_at` integer,
	`withdrawn_at` integer,
	`token_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `administrator_invitations_by_code` ON `administrator_invitations` (`code_hash`);--> statement-breakpoint
CREATE INDEX `administrator_invitations_by_creation` ON `administrator_invitations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `administrator_invitations_by_end` ON `administrator_invitations` (`expires_at`);