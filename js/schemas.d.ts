/** A class as Parse Server's option `schema.definitions` takes it. */
interface Definition {
  className: string;
  fields: Record<string, { type: string; targetClass?: string }>;
  indexes: Record<string, Record<string, number>>;
  classLevelPermissions: Record<string, Record<string, boolean>>;
}

/** The state classes, for `schema: { definitions: [...require('parse-two-factor/schemas'), …], lockSchemas: true }`. */
declare const schemas: Definition[];

export = schemas;
