ALTER TABLE `certificates` ADD `standing` text;--> statement-breakpoint
ALTER TABLE `certificates` ADD `standing_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `certificates_renewal_of` ON `certificates` ("renewal_of" ->> '$.fingerprint') WHERE "certificates"."renewal_of" is not null;