//! Contract tests: the same tests for every engine behind an interface.

/// Declares each contract test as a test of the embedded engine, and one test that runs all of them on DynamoDB. Every
/// contract test gets an engine without data.
macro_rules! contract_tests {
    (embedded: $embedded:ident, dynamodb: $dynamodb:ident, tests: $($test:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test]
            async fn $test() {
                let (_folder, engine) = super::$embedded();
                super::$test(engine).await;
            })*
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn dynamodb_satisfies_the_contract() {
            let aws = $crate::common::aws::LocalAws::start().await;
            $({
                println!("on DynamoDB: {}", stringify!($test));
                // The names of tables have a maximum length.
                let prefix = stringify!($test).get(..40).unwrap_or(stringify!($test));
                $test($dynamodb(&aws, prefix).await).await;
            })*
        }
    };
}
