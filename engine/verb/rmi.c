/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/docker/names.h"
#include "engine/verb/users.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "store/image.h"

/* All names of an image, canonical. */
static int names_of(
	struct engine *e, const struct digest *id, struct strings *names, struct err *err)
{
	struct image_list list;

	if (image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	*names = (struct strings){0};
	for (size_t i = 0; i < list.count; i++)
		if (digest_equal(&list.items[i].id, id) && list.items[i].reference)
			strings_add(&e->arena, names, list.items[i].reference);
	return 0;
}

/* docker's last lines of names: what the image is at the registries it is known from. */
static int say_digests(struct engine *e, const struct digest *id, struct err *err)
{
	struct strings said = {0};
	struct image_list list;

	if (image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		const struct image_entry *entry = &list.items[i];
		const char *name;

		if (!digest_equal(&entry->id, id) || !entry->repo_name || !entry->repo_digest)
			continue;
		name = names_familiar(
			arena_printf(&e->arena, "%s@%s", entry->repo_name, entry->repo_digest),
			&e->arena);
		if (strings_has(&said, name))
			continue;
		strings_add(&e->arena, &said, name);
		plan_say(&e->plan, arena_printf(&e->arena, "Untagged: %s", name));
	}
	return 0;
}

/* Was the image named by its ID, or a part of it, and not by a reference? */
static bool by_id(struct engine *e, const char *text, const struct image_entry *entry)
{
	struct reference ref;
	const char *hex = strncmp(text, DIGEST_PREFIX, DIGEST_PREFIX_LEN) == 0
		? text + DIGEST_PREFIX_LEN
		: text;

	/* one may look like the other: a name counts first */
	if (entry->reference && reference_parse(text, &ref, &e->arena, &(struct err){0}) == 0 &&
		strcmp(reference_canonical(&ref, &e->arena), entry->reference) == 0)
		return false;
	return strncmp(entry->id.text + DIGEST_PREFIX_LEN, hex, strlen(hex)) == 0;
}

static int check_use(struct engine *e, bool force, const char *text,
	const struct image_entry *entry, size_t names, struct err *err)
{
	const char *short_id = entry->id.text + DIGEST_PREFIX_LEN;
	bool id = by_id(e, text, entry);
	const struct user *user;
	struct users users;

	if (id && names > 1 && !force)
		return err_set(err, E_IN_USE,
			"conflict: unable to delete %.12s (must be forced) - image is referenced in "
			"multiple repositories",
			short_id);
	/* one name of several: the image stays */
	if (!id && names > 1)
		return 0;
	if (image_users_read(e, &users, err) < 0)
		return err_wrap(err, "conflict: unable to delete %.12s", short_id);
	user = users_find(&users, entry->id.text);
	if (user && user->running && (id || force))
		return err_set(err, E_IN_USE,
			"conflict: unable to delete %.12s (cannot be forced) - image is being used by "
			"running container %.12s",
			short_id, user->container);
	if (user && !force && id)
		return err_set(err, E_IN_USE,
			"conflict: unable to delete %.12s (must be forced) - image is being used by "
			"stopped container %.12s",
			short_id, user->container);
	if (user && !force)
		return err_set(err, E_IN_USE,
			"conflict: unable to remove repository reference \"%s\" (must force) - "
			"container %.12s is using its referenced image %.12s",
			text, user->container, short_id);
	return 0;
}

/* All of them go at once. */
static void plan_untag(struct engine *e, const struct strings *names)
{
	struct step *s = plan_program(&e->plan, "kist-store", "untag", NULL);

	for (size_t i = 0; i < names->count; i++)
		step_add(&e->plan, s, names->items[i]);
	if (names->count == 1)
		step_about(&e->plan, s, ABOUT_IMAGE, names->items[0]);
	for (size_t i = 0; i < names->count; i++)
		plan_say(&e->plan,
			arena_printf(&e->arena, "Untagged: %s",
				names_familiar(names->items[i], &e->arena)));
}

int verb_rmi(struct engine *e, const struct rmi_request *rq, struct sink *sink, struct err *err)
{
	struct strings names;
	struct image_entry entry;
	bool all;
	int r;

	if (!e->store)
		err_set(err, E_NOT_FOUND, "there is no store");
	if (!e->store || image_lookup(e->store, rq->image, &entry, &e->arena, err) < 0)
		return sentence_for(ABOUT_IMAGE, rq->image, err);
	if (names_of(e, &entry.id, &names, err) < 0 ||
		check_use(e, rq->force, rq->image, &entry, names.count, err) < 0)
		return -err->code;
	/* one name of several: the image stays */
	all = by_id(e, rq->image, &entry) || names.count <= 1;
	if (!all)
		plan_untag(e, &(struct strings){&entry.reference, 1});
	else if (names.count)
		plan_untag(e, &names);
	else
		plan_program(&e->plan, "kist-store", "untag", entry.id.text, NULL);
	if (all && say_digests(e, &entry.id, err) < 0)
		return -err->code;
	if (all)
		plan_say(&e->plan, arena_printf(&e->arena, "Deleted: %s", entry.id.text));
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "image", all ? "delete" : "untag", entry.id.text, rq->image);
	return r;
}

int verb_collect(struct engine *e, struct sink *sink, struct err *err)
{
	/* what another process adds meanwhile is left to the next time */
	plan_program(&e->plan, "kist-store", "gc", "--no-wait", NULL)->flags = STEP_QUIET;
	return engine_do(e, sink, err);
}
