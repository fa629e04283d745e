// The same part of the graph as its users write it for mercurius with graphql-jit: SQL by hand, one loader a relation.
// node mercurius.js DATABASE_URL PORT
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const [url, port] = process.argv.slice(2);
const DATE = 1082;
pg.types.setTypeParser(DATE, (text) => text);
const pool = new pg.Pool({ connectionString: url });

const LIVE = "valid_to = 'infinity' AND superseded_at = 'infinity'";

const schema = `
  type Query {
    product(approvalNumber: String!): Product
    products(filter: ProductFilter, orderBy: [ProductOrder!], first: Int! = 20): ProductConnection!
    pharmacies(filter: PharmacyFilter, first: Int! = 20): PharmacyConnection!
    listings(filter: ListingFilter): ListingConnection!
  }
  input TextFilter { startsWith: String within: String }
  input IdFilter { eq: ID }
  input ProductFilter { nameZh: TextFilter }
  input ProductOrder { field: ProductOrderField! }
  enum ProductOrderField { NAME_ZH }
  input PharmacyFilter { regionCode: TextFilter }
  input PlatformProductFilter { productId: IdFilter }
  input ListingFilter { platformProduct: PlatformProductFilter }
  enum ListingDimension { PLATFORM }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type ProductConnection { edges: [ProductEdge!]! pageInfo: PageInfo! }
  type ProductEdge { node: Product! }
  type Product {
    id: ID! approvalNumber: String! nameZh: String! dosageForm: String specification: String approvedOn: String
    authorization: Authorization
    platformProducts(first: Int! = 20): PlatformProductConnection!
  }
  type Authorization { statusCode: String holder: OrganizationName }
  type OrganizationName { name: String! organization: Organization }
  type Organization { id: ID! uscc: String name: String! }
  type PlatformProductConnection { edges: [PlatformProductEdge!]! }
  type PlatformProductEdge { node: PlatformProduct! }
  type PlatformProduct { senderCode: String! productCode: String! listings(first: Int! = 20): ListingConnection! }
  type ListingConnection { edges: [ListingEdge!]! groups(by: [ListingDimension!]!): ListingGroups! }
  type ListingEdge { node: Listing! }
  type ListingGroups { nodes: [ListingGroup!]! }
  type ListingGroup { key: ListingGroupKey! aggregate: ListingAggregate! }
  type ListingGroupKey { platform: String }
  type ListingAggregate { count: Int! packPriceYuan: Figures! }
  type Figures { average: String }
  type Listing { id: ID! packPriceYuan: String listedOn: String }
  type PharmacyConnection { edges: [PharmacyEdge!]! pageInfo: PageInfo! }
  type PharmacyEdge { node: Pharmacy! }
  type Pharmacy { id: ID! name: String! address: String onSale(first: Int! = 20): OnSaleConnection! }
  type OnSaleConnection { edges: [OnSaleEdge!]! }
  type OnSaleEdge { node: OnSale! }
  type OnSale { retailPriceYuan: String availabilityCode: String! item: LocalItem }
  type LocalItem { nameZh: String! product: Product }
`;

const PRODUCT = `id, approval_number AS "approvalNumber", name_zh AS "nameZh", dosage_form AS "dosageForm",
  specification, approved_on AS "approvedOn"`;

// the first text after all that start with this one
const past = (text) => text.slice(0, -1) + String.fromCodePoint(text.codePointAt(text.length - 1) + 1);

async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

const edges = (found) => ({ edges: found.map((node) => ({ node })) });

function page(found, first, cursor) {
  const shown = found.slice(0, first);
  const endCursor = shown.length ? Buffer.from(cursor(shown.at(-1))).toString("base64") : null;
  return { ...edges(shown), pageInfo: { hasNextPage: found.length > first, endCursor } };
}

const resolvers = {
  Query: {
    product: async (_, { approvalNumber }) =>
      (await rows("product", `SELECT ${PRODUCT} FROM product WHERE approval_number = $1 AND ${LIVE}`, [approvalNumber]))[0],
    products: async (_, { filter, first }) => {
      const prefix = filter.nameZh.startsWith;
      const text = `SELECT ${PRODUCT} FROM product WHERE name_zh >= $1 AND name_zh < $2 AND ${LIVE}
        ORDER BY name_zh, id LIMIT $3`;
      return page(await rows("products", text, [prefix, past(prefix), first + 1]), first, (row) => `${row.nameZh} ${row.id}`);
    },
    pharmacies: async (_, { filter, first }) => {
      const code = filter.regionCode.within.replace(/(00)+$/, "");
      const text = `SELECT id, name, address, left(region_code, 2) AS province FROM pharmacy
        WHERE region_code >= $1 AND region_code < $2 AND ${LIVE} ORDER BY id LIMIT $3`;
      return page(await rows("pharmacies", text, [code, past(code), first + 1]), first, (row) => row.id);
    },
    listings: (_, { filter }) => ({ product: filter.platformProduct.productId.eq }),
  },
  ListingConnection: {
    groups: async ({ product }) => {
      const text = `SELECT l.sender_code AS platform, count(*)::int AS count,
          trim_scale(round(avg(l.pack_price_yuan), 6)) AS average
        FROM platform_product i JOIN listing l ON l.platform_product_id = i.id
        WHERE i.product_id = $1 AND i.valid_to = 'infinity' AND i.superseded_at = 'infinity'
          AND l.valid_to = 'infinity' AND l.superseded_at = 'infinity'
        GROUP BY l.sender_code ORDER BY l.sender_code`;
      const found = await rows("groups", text, [product]);
      const nodes = found.map(({ platform, count, average }) => ({
        key: { platform },
        aggregate: { count, packPriceYuan: { average } },
      }));
      return { nodes };
    },
  },
};

// a row for each key, in the keys' order
async function ones(name, text, keys) {
  const found = new Map((await rows(name, text, [keys])).map((row) => [row.key, row]));
  return keys.map((key) => found.get(key) ?? null);
}

// a list for each key, in the keys' order
function lists(keys, found) {
  const byKey = new Map(keys.map((key) => [key, []]));
  for (const row of found) byKey.get(row.key).push(row);
  return keys.map((key) => edges(byKey.get(key)));
}

const loaders = {
  Product: {
    authorization: (queries) =>
      ones(
        "authorization",
        `SELECT product_id AS key, status_code AS "statusCode", holder_name_id FROM product_authorization
        WHERE product_id = ANY($1) AND ${LIVE}`,
        queries.map(({ obj }) => obj.id),
      ),
    platformProducts: async (queries) => {
      const keys = queries.map(({ obj }) => obj.id);
      const text = `SELECT i.* FROM unnest($1::bigint[]) wanted (id) CROSS JOIN LATERAL (
        SELECT product_id AS key, id, sender_code AS "senderCode", product_code AS "productCode" FROM platform_product
        WHERE product_id = wanted.id AND ${LIVE} ORDER BY id LIMIT $2) i`;
      return lists(keys, await rows("platformProducts", text, [keys, queries[0].params.first]));
    },
  },
  Authorization: {
    holder: (queries) =>
      ones(
        "holder",
        "SELECT id AS key, name, organization_id FROM organization_name WHERE id = ANY($1)",
        queries.map(({ obj }) => obj.holder_name_id),
      ),
  },
  OrganizationName: {
    organization: (queries) =>
      ones(
        "organization",
        "SELECT id AS key, id, uscc, name FROM organization WHERE id = ANY($1)",
        queries.map(({ obj }) => obj.organization_id),
      ),
  },
  PlatformProduct: {
    listings: async (queries) => {
      const keys = queries.map(({ obj }) => obj.id);
      const text = `SELECT l.* FROM unnest($1::bigint[]) wanted (id) CROSS JOIN LATERAL (
        SELECT platform_product_id AS key, id, pack_price_yuan AS "packPriceYuan", listed_on AS "listedOn" FROM listing
        WHERE platform_product_id = wanted.id AND ${LIVE} ORDER BY id LIMIT $2) l`;
      return lists(keys, await rows("listings", text, [keys, queries[0].params.first]));
    },
  },
  Pharmacy: {
    onSale: async (queries) => {
      const keys = queries.map(({ obj }) => obj.id);
      const provinces = queries.map(({ obj }) => obj.province);
      const text = `SELECT s.* FROM unnest($1::bigint[], $2::text[]) wanted (id, province) CROSS JOIN LATERAL (
        SELECT pharmacy_id AS key, item_id, retail_price_yuan AS "retailPriceYuan",
          availability_code AS "availabilityCode" FROM on_sale
        WHERE pharmacy_id = wanted.id AND province_code = wanted.province AND ${LIVE} ORDER BY item_id LIMIT $3) s`;
      return lists(keys, await rows("onSale", text, [keys, provinces, queries[0].params.first]));
    },
  },
  OnSale: {
    item: (queries) =>
      ones(
        "item",
        `SELECT id AS key, name_zh AS "nameZh", product_id FROM local_item WHERE id = ANY($1) AND ${LIVE}`,
        queries.map(({ obj }) => obj.item_id),
      ),
  },
  LocalItem: {
    product: (queries) =>
      ones(
        "itemProduct",
        `SELECT id AS key, ${PRODUCT} FROM product WHERE id = ANY($1) AND ${LIVE}`,
        queries.map(({ obj }) => obj.product_id),
      ),
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: 1 });
await app.listen({ port: Number(port), host: "127.0.0.1" });
