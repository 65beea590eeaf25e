package androidx.activity.compose

import androidx.activity.ComponentActivity
import androidx.compose.runtime.Composable

/** Stands in for the function of androidx.activity:activity-compose. It draws nothing. */
@Suppress("UnusedReceiverParameter", "UNUSED_PARAMETER")
public fun ComponentActivity.setContent(content: @Composable () -> Unit): Unit = error("only on a phone")
