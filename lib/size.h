/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of bytes for people. */
#ifndef KIST_LIB_SIZE_H
#define KIST_LIB_SIZE_H

#include <stdint.h>

#define SIZE_TEXT_MAX 16

/* Decimal: "0B", "4.45MB", "1.2kB"; digits is how many count. */
void size_decimal(int64_t bytes, int digits, char text[SIZE_TEXT_MAX]);

/* Binary: "512MiB", "1.953GiB". */
void size_binary(int64_t bytes, char text[SIZE_TEXT_MAX]);

#endif
