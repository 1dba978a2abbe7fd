/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/user.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"

#define ID_MAX     0x7fffffffu /* docker's bound for what a user writes */
#define FIELDS_MAX 7           /* name:password:uid:gid:comment:home:shell */
#define GROUPS_MAX 65536       /* NGROUPS_MAX of the kernel */

struct word {
	const char *s;
	size_t n;
};

/* Lines of a text, one after the other. */
struct lines {
	const char *s, *end;
};

static bool next_line(struct lines *l, struct word *line)
{
	const char *eol;

	if (l->s >= l->end)
		return false;
	eol = memchr(l->s, '\n', (size_t)(l->end - l->s));
	line->s = l->s;
	line->n = (size_t)((eol ? eol : l->end) - l->s);
	l->s += line->n + 1;
	return true;
}

/* The next part of *w up to sep; *w becomes the rest. */
static bool next_part(struct word *w, char sep, struct word *part)
{
	const char *at;

	if (!w->s)
		return false;
	at = memchr(w->s, sep, w->n);
	part->s = w->s;
	part->n = at ? (size_t)(at - w->s) : w->n;
	w->n -= at ? part->n + 1 : part->n;
	w->s = at ? at + 1 : NULL;
	return true;
}

static size_t split(struct word line, struct word fields[FIELDS_MAX])
{
	size_t n = 0;

	while (n < FIELDS_MAX && next_part(&line, ':', &fields[n]))
		n++;
	return n;
}

static bool equal(struct word w, const char *s)
{
	return strlen(s) == w.n && memcmp(w.s, s, w.n) == 0;
}

/* Decimal digits alone, below 2^32 - 1, which setuid() and chown() take for "unchanged". */
static bool parse_id(struct word w, uint32_t *id)
{
	uint64_t n = 0;

	if (!w.n || w.n > 10)
		return false;
	for (size_t i = 0; i < w.n; i++) {
		if (w.s[i] < '0' || w.s[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(w.s[i] - '0');
	}
	if (n >= UINT32_MAX)
		return false;
	*id = (uint32_t)n;
	return true;
}

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static struct word word_of(const char *s)
{
	return (struct word){s, strlen(s)};
}

/* A number that a user wrote. */
static int wanted_id(const char *text, uint32_t *id, struct err *err)
{
	if (!parse_id(word_of(text), id) || *id > ID_MAX)
		return err_set(err, E_SYNTAX,
			"uids and gids must be in range 0-2147483647: '%.40s'", text);
	return 0;
}

struct passwd_entry {
	struct word name, home;
	uint32_t uid, gid;
};

static bool parse_passwd(struct word line, struct passwd_entry *e)
{
	struct word f[FIELDS_MAX];

	if (split(line, f) < 6 || !f[0].n || !parse_id(f[2], &e->uid) || !parse_id(f[3], &e->gid))
		return false;
	e->name = f[0];
	e->home = f[5];
	return true;
}

/*
 * By name, or by number; the first that matches, as getpwnam(3). A number is an id and never a
 * name: an image with a user "1000" who is root would make everybody root who asks for 1000
 * (CVE-2026-46680).
 */
static bool find_passwd(
	const struct user_files *files, const char *what, struct passwd_entry *found)
{
	struct lines l = {files->passwd, files->passwd ? files->passwd + files->passwd_len : NULL};
	bool number = all_digits(what);
	struct word line;
	uint32_t id = 0;

	if (number && !parse_id(word_of(what), &id))
		return false;
	while (files->passwd && next_line(&l, &line))
		if (parse_passwd(line, found) &&
			(number ? found->uid == id : equal(found->name, what)))
			return true;
	return false;
}

struct group_entry {
	struct word name, members;
	uint32_t gid;
};

static bool parse_group(struct word line, struct group_entry *e)
{
	struct word f[FIELDS_MAX];
	size_t n = split(line, f);

	if (n < 3 || !f[0].n || !parse_id(f[2], &e->gid))
		return false;
	e->name = f[0];
	e->members = n > 3 ? f[3] : (struct word){0};
	return true;
}

static bool has_member(struct word members, struct word name)
{
	struct word part;

	while (next_part(&members, ',', &part))
		if (part.n == name.n && memcmp(part.s, name.s, name.n) == 0)
			return true;
	return false;
}

static int find_group(
	const struct user_files *files, const char *what, uint32_t *gid, struct err *err)
{
	struct lines l = {files->group, files->group ? files->group + files->group_len : NULL};
	struct group_entry e;
	struct word line;

	if (all_digits(what))
		return wanted_id(what, gid, err);
	while (files->group && next_line(&l, &line)) {
		if (parse_group(line, &e) && equal(e.name, what)) {
			*gid = e.gid;
			return 0;
		}
	}
	return err_set(err, E_NOT_FOUND,
		"unable to find group %.100s: no matching entries in group file", what);
}

/* As it is there, repeated or not. */
static void append_gid(struct user *u, uint32_t gid, size_t *room, struct arena *a)
{
	struct uint32_list *list = &u->additional_gids;

	if (list->count == *room) {
		uint32_t *items;

		*room = *room ? *room * 2 : 8;
		items = arena_array(a, *room, sizeof(*items));
		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
	}
	list->items[list->count++] = gid;
}

struct numbered {
	uint32_t gid, position;
};

static int by_gid(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	if (x->gid != y->gid)
		return x->gid < y->gid ? -1 : 1;
	return x->position < y->position ? -1 : x->position > y->position;
}

static int by_position(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return x->position < y->position ? -1 : x->position > y->position;
}

/* Each once, where it came first, and as many as the kernel takes. Sorted, as a file may be long.
 */
static void drop_repeated(struct user *u)
{
	struct uint32_list *list = &u->additional_gids;
	own_mem struct numbered *all = xcalloc(list->count + 1, sizeof(*all));
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		all[i] = (struct numbered){list->items[i], (uint32_t)i};
	qsort(all, list->count, sizeof(*all), by_gid);
	for (size_t i = 0; i < list->count; i++)
		if (!kept || all[kept - 1].gid != all[i].gid)
			all[kept++] = all[i];
	qsort(all, kept, sizeof(*all), by_position);
	list->count = kept < GROUPS_MAX ? kept : GROUPS_MAX;
	for (size_t i = 0; i < list->count; i++)
		list->items[i] = all[i].gid;
}

/* The primary group and those that name the user as a member. */
static void collect_groups(
	const struct user_files *files, const struct word *name, struct user *u, struct arena *a)
{
	struct lines l = {files->group, files->group ? files->group + files->group_len : NULL};
	struct group_entry e;
	struct word line;
	size_t room = 0;

	append_gid(u, u->gid, &room, a);
	while (name && files->group && next_line(&l, &line))
		if (parse_group(line, &e) && has_member(e.members, *name))
			append_gid(u, e.gid, &room, a);
	drop_repeated(u);
}

static int find_user(const struct user_files *files, const char *who, struct user *u,
	struct passwd_entry *entry, bool *found, struct arena *a, struct err *err)
{
	*found = find_passwd(files, who, entry);
	if (*found) {
		u->uid = entry->uid;
		u->gid = entry->gid;
		if (entry->home.n)
			u->home = arena_strndup(a, entry->home.s, entry->home.n);
		return 0;
	}
	if (all_digits(who))
		return wanted_id(who, &u->uid, err);
	return err_set(err, E_NOT_FOUND,
		"unable to find user %.100s: no matching entries in passwd file", who);
}

int user_lookup(const struct user_files *files, const char *what, struct user *user,
	struct arena *a, struct err *err)
{
	const char *colon = what ? strchr(what, ':') : NULL;
	const char *who = what ? arena_strndup(a, what, strcspn(what, ":")) : "";
	struct user u = {.home = "/"};
	struct passwd_entry entry;
	bool found;
	int r = find_user(files, *who ? who : "0", &u, &entry, &found, a, err);

	if (r == 0 && colon && colon[1])
		r = find_group(files, colon + 1, &u.gid, err);
	if (r < 0)
		return r;
	collect_groups(files, found && !(colon && colon[1]) ? &entry.name : NULL, &u, a);
	*user = u;
	return 0;
}

int user_add_groups(const struct user_files *files, const struct strings *groups, struct user *user,
	struct arena *a, struct err *err)
{
	struct user u = *user;
	size_t room = 0; /* what is there may be shared: the first addition copies it */
	uint32_t gid;

	for (size_t i = 0; i < groups->count; i++) {
		if (find_group(files, groups->items[i], &gid, err) < 0)
			return -err->code;
		room = room > u.additional_gids.count ? room : u.additional_gids.count;
		append_gid(&u, gid, &room, a);
	}
	if (groups->count)
		drop_repeated(&u);
	*user = u;
	return 0;
}
