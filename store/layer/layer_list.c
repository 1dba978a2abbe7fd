/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"

void layer_list_release(struct layer_list *list)
{
	buf_release(&list->bytes);
	free(list->names);
	*list = (struct layer_list){0};
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(struct layer_list *list)
{
	const char *p = list->bytes.data;

	list->names = xreallocarray(NULL, list->count ? list->count : 1, sizeof(*list->names));
	for (size_t i = 0; i < list->count; i++) {
		list->names[i] = p + 1;
		p += strlen(p + 1) + 2;
	}
	qsort(list->names, list->count, sizeof(*list->names), compare);
}

int layer_list_read(struct layer_list *list, int dirfd, struct err *err)
{
	_Alignas(struct dirent64) char block[32768];
	int fd = dirfd;
	ssize_t n;

	*list = (struct layer_list){0};
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot read a directory");
	while ((n = getdents64(fd, block, sizeof(block))) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *e = (const struct dirent64 *)(block + at);

			at += e->d_reclen;
			if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
				continue;
			buf_addc(&list->bytes, (char)e->d_type);
			buf_add(&list->bytes, e->d_name, strlen(e->d_name) + 1);
			list->count++;
		}
	}
	if (n < 0) {
		layer_list_release(list);
		return err_errno(err, "cannot read a directory");
	}
	sort(list);
	return 0;
}
