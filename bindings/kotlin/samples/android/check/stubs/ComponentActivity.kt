package androidx.activity

import android.app.Activity

/** Stands in for the class of androidx.activity, which only Android's tools can fetch. */
public open class ComponentActivity : Activity()
