//! Laws that every engine behind an interface keeps.

/// Every law is a test on the embedded engine, and together they are one on DynamoDB, each in tables of its own.
#[allow(unused_macros, reason = "each test file uses its part")]
macro_rules! laws {
    (on $embedded:ident and $dynamodb:ident: $($law:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test]
            async fn $law() {
                let (_folder, engine) = super::$embedded();
                super::$law(engine).await;
            })*
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn dynamodb_keeps_them_all() {
            let aws = $crate::common::aws::LocalAws::start();
            $({
                println!("on DynamoDB: {}", stringify!($law));
                // Names of tables may not be longer.
                let prefix = stringify!($law).get(..40).unwrap_or(stringify!($law));
                $law($dynamodb(&aws, prefix).await).await;
            })*
        }
    };
}
