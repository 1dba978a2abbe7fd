/* SPDX-License-Identifier: Apache-2.0 */
/* Flags to the body of docker's create call. */
#include <string.h>

#include "engine/cli/env_flag.h"
#include "engine/cli/run/options.h"

/* Which streams: without -a all that make sense. */
static int set_attach(const struct run_options *o, struct docker_config *c, struct err *err)
{
	if (o->detach && o->attach.count)
		return err_set(err, E_USAGE, "Conflicting options: -a and -d");
	c->attach_stdin = o->interactive && !o->attach.count && !o->detach;
	c->attach_stdout = c->attach_stderr = !o->attach.count && !o->detach;
	for (size_t i = 0; i < o->attach.count; i++) {
		const char *stream = o->attach.items[i];

		if (strcasecmp(stream, "stdin") == 0)
			c->attach_stdin = true;
		else if (strcasecmp(stream, "stdout") == 0)
			c->attach_stdout = true;
		else if (strcasecmp(stream, "stderr") == 0)
			c->attach_stderr = true;
		else
			return err_set(err, E_USAGE,
				"invalid argument \"%s\" for \"-a, --attach\" flag: valid streams are "
				"STDIN, STDOUT and STDERR",
				stream);
	}
	return 0;
}

static int set_labels(
	const struct run_options *o, struct string_map *labels, struct arena *a, struct err *err)
{
	struct strings lines = {0};

	for (size_t i = 0; i < o->label_file.count; i++)
		if (env_flag_read_file(o->label_file.items[i], false, &lines, a, err) < 0)
			return -err->code;
	run_take(&lines, &o->label, a);
	for (size_t i = 0; i < lines.count; i++)
		if (!*lines.items[i] || *lines.items[i] == '=')
			return err_set(
				err, E_USAGE, "invalid label format: \"%s\"", lines.items[i]);
	run_pairs(labels, &lines, a);
	return 0;
}

static void set_no_healthcheck(struct docker_config *c, struct arena *a)
{
	struct json *check = json_new_object(a);

	json_append(json_set(a, check, "Test", json_new_array(a)), json_new_string(a, "NONE"));
	c->healthcheck = check;
}

static int set_config(const struct run_options *o, char *const *words, size_t nwords,
	struct docker_config *c, struct arena *a, struct err *err)
{
	c->image = words[0];
	for (size_t i = 1; i < nwords; i++)
		strings_add(a, &c->cmd, words[i]);
	/* docker: "" stands for none, and takes the image's command away all the same */
	if (o->entrypoint)
		strings_add(a, &c->entrypoint, o->entrypoint);
	c->hostname = o->hostname;
	c->domainname = o->domainname;
	c->user = o->user;
	c->tty = o->tty;
	c->open_stdin = o->interactive;
	c->working_dir = o->workdir;
	c->stop_timeout = run_optional(&o->stop_timeout, a);
	c->stop_signal = o->stop_signal;
	if (o->no_healthcheck)
		set_no_healthcheck(c, a);
	if (set_attach(o, c, err) < 0 ||
		env_flag_gather(&o->env_file, &o->env, &c->env, a, err) < 0 ||
		set_labels(o, &c->labels, a, err) < 0)
		return -err->code;
	c->stdin_once = c->open_stdin && c->attach_stdin;
	return 0;
}

int run_body(const struct run_options *o, char *const *words, size_t nwords,
	struct docker_body *body, struct arena *a, struct err *err)
{
	struct docker_host_config *h = &body->host;

	*body = (struct docker_body){0};
	h->auto_remove = o->rm;
	h->container_id_file = o->cidfile;
	h->log_config.type = o->log_driver;
	h->restart_policy.name = o->restart ? o->restart : "no";
	h->runtime = o->runtime;
	h->isolation = o->isolation;
	h->volume_driver = o->volume_driver;
	if (set_config(o, words, nwords, &body->config, a, err) < 0 ||
		run_resources(o, h, a, err) < 0 || run_security(o, h, a, err) < 0 ||
		run_network(o, body, a, err) < 0)
		return -err->code;
	return run_mounts(o, body, a, err);
}
