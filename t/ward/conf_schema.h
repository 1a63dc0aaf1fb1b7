/* SPDX-License-Identifier: ISC */
/* conf_schema - the two YAML schemas, for conf.c alone. */
#ifndef WARD_CONF_SCHEMA_H
#define WARD_CONF_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t conf_ward_schema;
extern const cyaml_schema_value_t conf_persona_schema;

#endif
