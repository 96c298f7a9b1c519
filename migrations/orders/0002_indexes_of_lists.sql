-- For the lists of one user's orders: by status, or in the order of the product's name. Without them SQLite would have to look
-- at all orders of the user, or at all that begin so.
CREATE INDEX orders_order_user_id_status ON orders_order (user_id, status);
CREATE INDEX orders_order_user_id_product_name ON orders_order (user_id, product_name);
