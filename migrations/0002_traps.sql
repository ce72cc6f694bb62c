ALTER TABLE `set_members` ADD `policy` text;--> statement-breakpoint
ALTER TABLE `sets` ADD `activate` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `sets` ADD `predicate` text;