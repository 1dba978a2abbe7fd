/* SPDX-License-Identifier: Apache-2.0 */
/* kist's own AppArmor profile: who makes configs asks for it, and the runtime loads it. */
#ifndef KIST_SPEC_APPARMOR_H
#define KIST_SPEC_APPARMOR_H

#define APPARMOR_DEFAULT "kist-default"

#define APPARMOR_ENABLED "/sys/module/apparmor/parameters/enabled" /* "Y" where it is */
#define APPARMOR_LOAD    "/sys/kernel/security/apparmor/.load"     /* what the parser writes to */
#define APPARMOR_REMOVE  "/sys/kernel/security/apparmor/.remove"   /* a name */
#define APPARMOR_LOADED  "/sys/kernel/security/apparmor/profiles"  /* lines "NAME (MODE)" */
#define APPARMOR_PARSER  "/sbin/apparmor_parser"

#endif
