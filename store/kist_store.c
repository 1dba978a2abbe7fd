/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store: the content store on the command line; see "kist-store" in docs/pipes.md. */
#include "store/kist_store.h"

#include "lib/own.h"

static const struct cli_option global_table[] = {
	{.name = "root",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct global_options, root),
		.arg = "DIR",
		.help = "where images and containers are (KIST_ROOT, /var/lib/kist)"},
	{.name = "run",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct global_options, run),
		.arg = "DIR",
		.help = "where the state of what runs is (KIST_RUN, /run/kist)"},
};

static const struct cli_option put_table[] = {
	{.name = "expect",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct put_options, expect),
		.arg = "DIGEST",
		.help = "fail, and keep nothing, unless the bytes have this digest"},
};

static const struct cli_option load_table[] = {
	{.name = "input",
		.letter = 'i',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct load_options, input),
		.arg = "FILE",
		.help = "read the archive from a file instead of standard input"},
};

static const struct cli_option save_table[] = {
	{.name = "output",
		.letter = 'o',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct save_options, output),
		.arg = "FILE",
		.help = "write the archive to a file instead of standard output"},
	{.name = "format",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct save_options, format),
		.arg = "FORMAT",
		.help = "oci (the default) or docker-archive"},
};

static const struct cli_option create_table[] = {
	{.name = "name",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct create_options, name),
		.arg = "NAME",
		.help = "the container's name (the ID's first 12 digits)"},
	{.name = "engine",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct create_options, engine),
		.arg = "FILE",
		.help = "what else the record keeps, a JSON object (- is stdin)"},
};

static const struct cli_option mount_table[] = {
	{.name = "read-only",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct mount_options, read_only),
		.help = "the image's layers alone, without the writable directory"},
};

static const struct cli_option untag_table[] = {
	{.name = "keep",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct untag_options, keep),
		.help = "keep the image without a name when this was its last one"},
};

static const struct cli_option gc_table[] = {
	{.name = "parts",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct gc_options, parts),
		.help = "remove interrupted downloads, too, which a pull would continue"},
};

static const struct cli_option fsck_table[] = {
	{.name = "repair",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct fsck_options, repair),
		.help = "remove what is wrong, so that a pull brings it back"},
};

#define TABLE(name, type)                                                                          \
	.options = name, .noptions = ARRAY_LEN(name), .options_size = sizeof(struct type)

static const struct cli_command commands[] = {
	{.name = "put",
		.synopsis = "[OPTIONS]",
		.help = "Store the blob on standard input and print its digest",
		TABLE(put_table, put_options),
		.run = cmd_put,
		.details = "A blob that no image refers to goes with the next gc."},
	{.name = "get",
		.synopsis = "DIGEST",
		.help = "Write a blob to standard output and verify it on the way",
		.min_args = 1,
		.max_args = 1,
		.run = cmd_get,
		.details = "The exit status is 0 exactly when the bytes had their digest."},
	{.name = "ls", .synopsis = "", .help = "List the images as JSON lines", .run = cmd_ls},
	{.name = "inspect",
		.synopsis = "IMAGE",
		.help = "Print an image's reference, descriptor, manifest and config as JSON",
		.min_args = 1,
		.max_args = 1,
		.run = cmd_inspect},
	{.name = "load",
		.synopsis = "[OPTIONS]",
		.help = "Read images from a tar archive (OCI layout or docker save)",
		TABLE(load_table, load_options),
		.run = cmd_load,
		.details =
			"The archive is read as a stream, plain or compressed with gzip or zstd, "
			"its entries in any order. When anything fails, nothing is stored."},
	{.name = "save",
		.synopsis = "[OPTIONS] IMAGE...",
		.help = "Write images as a tar archive",
		TABLE(save_table, save_options),
		.min_args = 1,
		.max_args = -1,
		.run = cmd_save},
	{.name = "create",
		.synopsis = "[OPTIONS] ID IMAGE",
		.help = "Make a container's directory with a snapshot of an image, and print its path",
		TABLE(create_table, create_options),
		.min_args = 2,
		.max_args = 2,
		.run = cmd_create,
		.details = "ID has 64 hex digits. The image \"scratch\" is empty."},
	{.name = "mount",
		.synopsis = "[OPTIONS] ID DIR [-- COMMAND [ARG...]]",
		.help = "Mount a container's root file system on a directory",
		TABLE(mount_table, mount_options),
		.min_args = 2,
		.max_args = -1,
		.run = cmd_mount,
		.details =
			"With COMMAND, the mount is made in a mount namespace of its own, in which "
			"COMMAND then takes the place of kist-store: nothing stays mounted when it "
			"ends."},
	{.name = "rm",
		.synopsis = "CONTAINER",
		.help = "Remove a container's directory and name",
		.min_args = 1,
		.max_args = 1,
		.run = cmd_rm},
	{.name = "tag",
		.synopsis = "IMAGE NAME",
		.help = "Give an image another name",
		.min_args = 2,
		.max_args = 2,
		.run = cmd_tag},
	{.name = "untag",
		.synopsis = "[OPTIONS] NAME",
		.help = "Remove a name of an image",
		TABLE(untag_table, untag_options),
		.min_args = 1,
		.max_args = 1,
		.run = cmd_untag},
	{.name = "gc",
		.synopsis = "[OPTIONS]",
		.help = "Remove blobs, layers and temporary files that nothing needs",
		TABLE(gc_table, gc_options),
		.run = cmd_gc},
	{.name = "fsck",
		.synopsis = "[OPTIONS]",
		.help = "Verify every blob, and that images and containers are whole",
		TABLE(fsck_table, fsck_options),
		.run = cmd_fsck,
		.details =
			"Problems are printed one a line; the exit status is 1 while any is left."},
};

static const struct cli_program program = {
	.name = "kist-store",
	.help = "Keep images, layers and containers on disk",
	.options = global_table,
	.noptions = ARRAY_LEN(global_table),
	.options_size = sizeof(struct global_options),
	.commands = commands,
	.ncommands = ARRAY_LEN(commands),
	.details = "The images are an OCI image layout, which other tools can read as it stands.",
};

int open_store(const struct cli_call *call, struct store **store, struct err *err)
{
	const struct global_options *global = call->global;

	return store_open(global->root, global->run, 0, store, err);
}

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
