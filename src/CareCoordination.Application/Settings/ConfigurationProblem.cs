namespace CareCoordination.Application.Settings;

/// <summary>The configuration is wrong; the message is a sentence that names the setting and says what to do.</summary>
public sealed class ConfigurationProblem(string message) : Exception(message);
