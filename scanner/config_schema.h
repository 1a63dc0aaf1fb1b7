/* SPDX-License-Identifier: ISC */
/* config_schema - gantry.yaml for yamlfile_read(): a struct config_file. */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

struct cyaml_schema_value;

extern const struct cyaml_schema_value config_schema;

#endif
