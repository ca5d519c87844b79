//! Several writes in one transaction.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{ConditionCheck, Delete, Put, ReturnConsumedCapacity::Total, TransactWriteItem},
};

use super::{
    DynamoError,
    capacity::record_write,
    item::{Item, Key},
    table::Table,
    write::{Condition, Write},
};

impl Table {
    /// Applies all writes or none of them.
    ///
    /// # Errors
    /// [`DynamoError::Conflict`] if a condition does not hold, [`DynamoError::Call`] if DynamoDB fails.
    pub async fn transact(&self, writes: Vec<Write>) -> Result<(), DynamoError> {
        let items = writes.into_iter().map(|write| self.transact_item(write)).collect::<Result<Vec<_>, _>>()?;
        let request = self.client.transact_write_items().set_transact_items(Some(items));
        let response =
            request.return_consumed_capacity(Total).send().await.map_err(|error| match is_conflict(&error) {
                true => DynamoError::Conflict,
                false => self.failed("TransactWriteItems", error),
            })?;
        record_write(response.consumed_capacity());
        Ok(())
    }

    fn transact_item(&self, write: Write) -> Result<TransactWriteItem, DynamoError> {
        let item = TransactWriteItem::builder();
        let item = match write {
            Write::Put(row, condition) => item.put(self.transact_put(row, &condition)?),
            Write::Delete(key, condition) => item.delete(self.transact_delete(&key, &condition)?),
            Write::Check(key, condition) => item.condition_check(self.transact_check(&key, &condition)?),
        };
        Ok(item.build())
    }

    fn transact_put(&self, Item(item): Item, condition: &Condition) -> Result<Put, DynamoError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let put = put.set_condition_expression(condition.expression());
        let put = put.set_expression_attribute_names(condition.names());
        Ok(put.set_expression_attribute_values(condition.values()).build()?)
    }

    fn transact_delete(&self, key: &Key, condition: &Condition) -> Result<Delete, DynamoError> {
        let delete = Delete::builder().table_name(&self.name).set_key(Some(key.attributes()));
        let delete = delete.set_condition_expression(condition.expression());
        let delete = delete.set_expression_attribute_names(condition.names());
        Ok(delete.set_expression_attribute_values(condition.values()).build()?)
    }

    fn transact_check(&self, key: &Key, condition: &Condition) -> Result<ConditionCheck, DynamoError> {
        let check = ConditionCheck::builder().table_name(&self.name).set_key(Some(key.attributes()));
        let check = check.set_condition_expression(condition.expression());
        let check = check.set_expression_attribute_names(condition.names());
        Ok(check.set_expression_attribute_values(condition.values()).build()?)
    }
}

/// Whether a condition does not hold or another transaction changes the same rows.
fn is_conflict(error: &SdkError<TransactWriteItemsError>) -> bool {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
        return false;
    };
    let mut codes = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
    codes.any(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict"))
}
