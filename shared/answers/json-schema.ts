import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * Adds to a schema how the API's document writes it, for checks that zod can't convert to JSON
 * Schema.
 */
export function written<Schema extends z.ZodType>(schema: Schema, text: JsonSchema): Schema {
  return schema.meta({ written: text });
}

/** A schema's input as JSON Schema (draft 2020-12). */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...text } = z.toJSONSchema(schema, { ...rules, io: 'input' });
  return text;
}

/**
 * The output of every schema with an id as JSON Schema, by its id. They allow other fields, as
 * answers may get new ones, and refer to each other by `address`.
 */
export function namedJsonSchemas(address: (id: string) => string): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    ...rules,
    ...{ io: 'output', uri: address },
    override: (written) => {
      rules.override(written);
      if (written.jsonSchema.additionalProperties === false)
        delete written.jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...text }]) => [id, text]),
  );
}

/** The id of a schema. Throws when it has none. */
export function idOf(schema: z.ZodType): string {
  const { id } = z.globalRegistry.get(schema) ?? {};
  if (!id) throw new Error('A schema of an answer needs an id.');
  return id;
}

/** Moves the description of a nullable value up, so that it covers both the value and null. */
function liftDescription(schema: JsonSchema): void {
  const [value, nothing] = (schema.anyOf ?? []) as JsonSchema[];
  if (!value?.description || nothing?.type !== 'null' || schema.description) return;
  schema.description = value.description;
  delete value.description;
}

const rules = {
  unrepresentable: 'any',
  override: ({ jsonSchema }) => {
    const { written, description } = jsonSchema as { written?: JsonSchema; description?: string };
    if (written) {
      for (const name of Object.keys(jsonSchema)) delete jsonSchema[name];
      Object.assign(jsonSchema, { ...(description && { description }), ...written });
    }
    liftDescription(jsonSchema);
    // zod gives every integer the bounds of safe integers, which say nothing about this one.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  },
} satisfies z.core.ToJSONSchemaParams;
