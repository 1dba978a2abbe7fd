/* SPDX-License-Identifier: Apache-2.0 */
/* --help, man pages and bash completion, all from the tables of lib/cli.h. */
#include <stdio.h>
#include <string.h>

#include "lib/cli.h"
#include "lib/mem.h"
#include "lib/own.h"

#define HELP_COLUMN 30

static void option_left(const struct cli_option *o, struct buf *out)
{
	if (o->letter && o->name)
		buf_addf(out, "-%c, --%s", o->letter, o->name);
	else if (o->name)
		buf_addf(out, "    --%s", o->name);
	else
		buf_addf(out, "-%c", o->letter);
	if (o->arg)
		buf_addf(out, " %s", o->arg);
}

static void help_row(const char *left, const char *right, struct buf *out)
{
	if (strlen(left) + 2 > HELP_COLUMN)
		buf_addf(out, "  %s\n%*s%s\n", left, HELP_COLUMN + 2, "", right);
	else
		buf_addf(out, "  %-*s%s\n", HELP_COLUMN, left, right);
}

static void help_options(const struct cli_option *options, size_t n, struct buf *out)
{
	buf_adds(out, "\nOptions:\n");
	for (size_t i = 0; i < n; i++) {
		own_buf struct buf left = {0};

		if (options[i].flags & CLI_HIDDEN)
			continue;
		option_left(&options[i], &left);
		help_row(buf_str(&left), options[i].help, out);
	}
	help_row("-h, --help", "show this help", out);
}

static void help_command(const struct cli_program *p, const struct cli_command *c, struct buf *out)
{
	buf_addf(out, "Usage:  %s%s%s %s\n\n%s.\n", p->name, c->name ? " " : "",
		c->name ? c->name : "", c->synopsis, c->help);
	help_options(c->options, c->noptions, out);
}

void cli_help(const struct cli_program *p, const struct cli_command *command, struct buf *out)
{
	if (command || (p->ncommands == 1 && !p->commands[0].name)) {
		help_command(p, command ? command : &p->commands[0], out);
		return;
	}
	buf_addf(out, "Usage:  %s [OPTIONS] COMMAND\n\n%s.\n\nCommands:\n", p->name, p->help);
	for (size_t i = 0; i < p->ncommands; i++)
		if (!(p->commands[i].flags & CLI_HIDDEN))
			help_row(p->commands[i].name, p->commands[i].help, out);
	help_options(p->options, p->noptions, out);
	buf_addf(out, "\nRun '%s COMMAND --help' for more on a command.\n", p->name);
}

/* roff: a leading dot or quote, backslashes and hyphens need care */
static void roff(const char *text, struct buf *out)
{
	if (*text == '.' || *text == '\'')
		buf_adds(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			buf_adds(out, "\\e");
		else if (*text == '-')
			buf_adds(out, "\\-");
		else
			buf_addc(out, *text);
		if (*text == '\n' && (text[1] == '.' || text[1] == '\''))
			buf_adds(out, "\\&");
	}
}

static void man_options(const struct cli_option *options, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct cli_option *o = &options[i];

		if (o->flags & CLI_HIDDEN)
			continue;
		buf_adds(out, ".TP\n");
		if (o->letter)
			buf_addf(out, "\\fB\\-%c\\fR%s", o->letter, o->name ? ", " : "");
		if (o->name) {
			buf_adds(out, "\\fB\\-\\-");
			roff(o->name, out);
			buf_adds(out, "\\fR");
		}
		if (o->arg)
			buf_addf(out, " \\fI%s\\fR", o->arg);
		buf_addc(out, '\n');
		roff(o->help, out);
		buf_addc(out, '\n');
	}
}

static void man_command(const struct cli_program *p, const struct cli_command *c, struct buf *out)
{
	if (c->name) {
		buf_adds(out, ".SS \"");
		roff(p->name, out);
		buf_addf(out, " %s ", c->name);
		roff(c->synopsis, out);
		buf_adds(out, "\"\n");
	}
	roff(c->help, out);
	buf_adds(out, ".\n");
	if (c->details) {
		buf_adds(out, ".PP\n");
		roff(c->details, out);
		buf_addc(out, '\n');
	}
	man_options(c->options, c->noptions, out);
}

void cli_man(const struct cli_program *p, struct buf *out)
{
	bool single = p->ncommands == 1 && !p->commands[0].name;

	buf_addf(out, ".TH \"%s\" 1 \"\" \"kist %s\" \"kist\"\n.SH NAME\n", p->name, KIST_VERSION);
	roff(p->name, out);
	buf_adds(out, " \\- ");
	roff(p->help, out);
	buf_adds(out, "\n.SH SYNOPSIS\n\\fB");
	roff(p->name, out);
	buf_adds(out, "\\fR ");
	roff(single ? p->commands[0].synopsis : "[OPTIONS] COMMAND [ARG...]", out);
	buf_adds(out, "\n.SH DESCRIPTION\n");
	roff(p->details ? p->details : p->help, out);
	buf_addf(out, "\n.SH %s\n", single ? "OPTIONS" : "COMMANDS");
	for (size_t i = 0; i < p->ncommands; i++)
		if (!(p->commands[i].flags & CLI_HIDDEN))
			man_command(p, &p->commands[i], out);
	if (!single && p->noptions) {
		buf_adds(out, ".SH GLOBAL OPTIONS\n");
		man_options(p->options, p->noptions, out);
	}
	buf_adds(out,
		".SH EXIT STATUS\n0 when the output is complete, 1 failed, 2 wrong usage, "
		"3 not found, 4 exists or in use, 5 denied.\n");
	if (p->exit_status)
		buf_adds(out, p->exit_status);
}

static void option_words(const struct cli_option *options, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		if (options[i].name && !(options[i].flags & CLI_HIDDEN))
			buf_addf(out, " --%s", options[i].name);
}

void cli_bash_completion(const struct cli_program *p, struct buf *out)
{
	own_mem char *function = xstrdup(p->name);

	for (char *c = function; *c; c++)
		if (*c == '-')
			*c = '_';
	buf_addf(out,
		"# bash completion for %s\n_%s() {\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} word command= words=\n"
		"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		"\t\tcase $word in -*) ;; *) command=$word; break ;; esac\n\tdone\n"
		"\tcase $command in\n",
		p->name, function);
	for (size_t i = 0; i < p->ncommands; i++) {
		const struct cli_command *c = &p->commands[i];

		if ((c->flags & CLI_HIDDEN) || (c->name && strchr(c->name, ' ')))
			continue;
		buf_addf(out, "\t%s) words='--help", c->name ? c->name : "*");
		option_words(c->options, c->noptions, out);
		buf_adds(out, "' ;;\n");
	}
	if (p->ncommands && p->commands[0].name) {
		buf_adds(out, "\t'') words='--help");
		option_words(p->options, p->noptions, out);
		for (size_t i = 0; i < p->ncommands; i++)
			if (!(p->commands[i].flags & CLI_HIDDEN) &&
				!strchr(p->commands[i].name, ' '))
				buf_addf(out, " %s", p->commands[i].name);
		buf_adds(out, "' ;;\n");
	}
	buf_addf(out,
		"\tesac\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
		"\t[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
		"}\ncomplete -F _%s %s\n",
		function, p->name);
}
