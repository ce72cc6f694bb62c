ALTER TABLE `certificates` ADD `use` text;--> statement-breakpoint
ALTER TABLE `certificates` ADD `renew_at` integer;--> statement-breakpoint
CREATE INDEX `certificates_renew_at` ON `certificates` (`renew_at`,`fingerprint`) WHERE "certificates"."renew_at" is not null;--> statement-breakpoint
CREATE INDEX `certificates_use` ON `certificates` ("use" ->> '$.name',`issued_at`,`fingerprint`) WHERE "certificates"."use" is not null;