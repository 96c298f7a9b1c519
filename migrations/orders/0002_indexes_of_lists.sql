-- One index for each filter and each order, as before, but each with all columns that lists filter or sort by: rows that fail a
-- further condition are passed over, and few rows are sorted, in the index alone. An index more would make each order that is
-- placed cost more.
DROP INDEX orders_order_user_id;
DROP INDEX orders_order_status;
DROP INDEX orders_order_product_name;
CREATE INDEX orders_order_user_id ON orders_order (user_id, id, status, product_name);
CREATE INDEX orders_order_status ON orders_order (status, id, user_id, product_name);
CREATE INDEX orders_order_product_name ON orders_order (product_name, id, status, user_id);
