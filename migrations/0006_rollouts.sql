CREATE TABLE `rollout_items` (
	`rollout_id` text NOT NULL,
	`kind` text NOT NULL,
	`identifier` text NOT NULL,
	`set_name` text NOT NULL,
	`change` text NOT NULL,
	`version` integer,
	`former` text,
	`policy` text,
	`open` integer NOT NULL,
	PRIMARY KEY(`rollout_id`, `kind`, `identifier`, `set_name`)
);
--> statement-breakpoint
CREATE INDEX `rollout_items_open` ON `rollout_items` (`kind`,`identifier`) WHERE open = 1;--> statement-breakpoint
CREATE INDEX `rollout_items_set` ON `rollout_items` (`set_name`) WHERE open = 1;--> statement-breakpoint
CREATE TABLE `rollouts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`target` text,
	`seed` text NOT NULL,
	`plan` text NOT NULL,
	`state` text NOT NULL,
	`ring` integer NOT NULL,
	`told_ring` integer NOT NULL,
	`opened_at` text NOT NULL,
	`cutoffs` text,
	`counts` text,
	`counted_at` integer,
	`accepted` text NOT NULL,
	`reason` text,
	`revision` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`ended_at` integer,
	`ended_by` text
);
--> statement-breakpoint
CREATE INDEX `rollouts_newest` ON `rollouts` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `rollouts_subject` ON `rollouts` (`kind`,`subject`,`created_at`);--> statement-breakpoint
CREATE INDEX `rollouts_open` ON `rollouts` (`kind`,`subject`) WHERE ended_at IS NULL;--> statement-breakpoint
ALTER TABLE `software_update_policies` ADD `rollout` text;